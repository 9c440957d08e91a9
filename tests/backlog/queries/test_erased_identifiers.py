from django.utils.crypto import salted_hmac

from backlog.queries import erased_identifiers


def test_what_is_kept_of_a_name_is_djangos_salted_hmac() -> None:
    kept = salted_hmac("backlog.erased", "email\0a@example.com", algorithm="sha256")

    assert erased_identifiers.digest(("email", "a@example.com")) == kept.hexdigest()
