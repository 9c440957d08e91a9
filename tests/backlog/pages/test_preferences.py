from django.test import Client

from backlog.models import User


class TestPreferences:
    def test_speaks_the_language_of_the_person(self, as_mina: Client, mina: User) -> None:
        User.objects.filter(pk=mina.pk).update(language="ko")

        page = as_mina.get("/", headers={"Accept-Language": "en"})

        assert 'lang="ko"' in page.text

    def test_speaks_the_language_chosen_in_the_browser(self, as_mina: Client, mina: User) -> None:
        User.objects.filter(pk=mina.pk).update(language="ko")
        as_mina.cookies["django_language"] = "en"

        assert 'lang="en"' in as_mina.get("/").text

    def test_speaks_to_strangers_as_their_browser_asks(self, client: Client, db: None) -> None:
        page = client.get("/admin/login/", headers={"Accept-Language": "en"})

        assert 'lang="en"' in page.text

    def test_leaves_no_language_behind_for_the_next_person(
        self, as_mina: Client, mina: User, client: Client
    ) -> None:
        User.objects.filter(pk=mina.pk).update(language="ko")
        as_mina.get("/")

        page = Client().get("/admin/login/", headers={"Accept-Language": "en"})

        assert 'lang="en"' in page.text
