"""Which columns can hold a customer's personal data, and what erasing the person does to each.

A column that can hold text stands here, or in its app's own table of the same kind; a test walks
all models and fails on one that does not. Numbers, dates, choices and links hold none, and what is
computed from other columns goes with them.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

Columns = Mapping[str, tuple[str, ...]]
"""By the label of a model the names of its columns."""


class Declared(NamedTuple):
    erased: Columns
    """The person's own: emptied, or gone with their row."""
    redacted: Columns
    """Words of colleagues and of machines: where they mention the person, the mention goes."""
    none: Columns
    """Ids, codes, digests, and what is about colleagues or the company."""
    linked: Columns = {}
    """By the label of what is redacted the paths from a row to the customers that it is about.

    There a short name means them; without a path, a colleague says whether it does.
    """
    beside: Columns = {}
    """Emptied with a mention in the same row: a salt, or a digest could be tried with names."""


ERASED: Final[Columns] = {
    "backlog.Consent": ("proof",),
    "backlog.ContactPoint": ("address",),
    "backlog.Customer": ("name", "time_zone"),
    "backlog.Feedback": (
        *("external_id", "dedupe_key", "verbatim"),
        *("raw", "content_type", "payload", "salt"),
    ),
    "backlog.IdempotencyKey": ("path", "headers", "body", "fingerprint"),
    "backlog.Identity": ("external_id",),
    "backlog.Notice": ("domain", "failure"),
    "admin.LogEntry": ("object_repr", "change_message"),
    "sessions.Session": ("session_data",),
}
# In the order in which rows are locked.
REDACTED: Final[Columns] = {
    "backlog.Product": ("name", "description"),
    "backlog.CustomerRequest": (*("title", "problem", "root_cause", "perfect_picture"),),
    "backlog.DepartmentStep": ("step",),
    "backlog.Assessment": ("note",),
    "backlog.Sprint": ("name", "goal"),
    "backlog.Commitment": ("hypothesis", "measure"),
    "backlog.Outcome": ("summary", "missing", "shipped_where"),
    "backlog.StatusUpdate": ("words",),
    "backlog.Account": ("name", "segment"),
    "backlog.Source": ("name",),
    "backlog.ImportRun": ("file_name",),
    "backlog.MessageTemplate": ("subject", "headline", "opening", "closing"),
    "backlog.MailDomain": ("failure", "domain"),
    "backlog.Endpoint": ("failure",),
    "backlog.WebhookDelivery": ("failure",),
    "backlog.Event": ("reason", "data", "correlation"),
    "backlog.View": ("name", "wanted"),
    "backlog.Suggestion": ("reason",),
}
NONE: Final[Columns] = {
    "backlog.Account": ("currency",),
    "backlog.ApiToken": ("digest", "token_key", "name", "scopes"),
    "backlog.Criterion": ("key", "names", "anchors", "unit"),
    "backlog.Customer": ("token",),
    "backlog.CustomerRequest": ("key", "rank"),
    "backlog.Department": ("name",),
    "backlog.Endpoint": ("name", "url", "kinds", "salt", "old_salt", "lease_token"),
    "backlog.ErasedIdentifier": ("digest",),
    "backlog.Event": ("kind", "subject_type", "token", "process"),
    "backlog.IdempotencyKey": ("method", "key", "lease_token"),
    "backlog.Notice": ("template", "dedupe_key", "lease_token"),
    # Gone as soon as the person is.
    "backlog.OwedFile": ("path",),
    "backlog.Product": ("prefix",),
    "backlog.ScoringModel": ("key", "names", "formula"),
    "backlog.Source": ("key",),
    "backlog.Suggestion": ("pair", "name", "version"),
    "backlog.View": ("listing",),
    "backlog.User": ("email", "name", "password", "time_zone"),
    "admin.LogEntry": ("object_id",),
    "auth.Group": ("name",),
    "auth.Permission": ("name", "codename"),
    "contenttypes.ContentType": ("app_label", "model"),
    "sessions.Session": ("session_key",),
}

ASKERS: Final = "evidence__feedback__customer"
"""From a request to those who asked for it."""
_ASKED: Final = f"request__{ASKERS}"
LINKED: Final[Columns] = {
    "backlog.Product": (),
    "backlog.CustomerRequest": (ASKERS,),
    "backlog.DepartmentStep": (_ASKED,),
    "backlog.Assessment": (_ASKED,),
    "backlog.Sprint": (),
    "backlog.Commitment": (_ASKED,),
    "backlog.Outcome": (f"commitment__{_ASKED}",),
    "backlog.StatusUpdate": (_ASKED,),
    "backlog.Account": ("customers",),
    "backlog.Source": (),
    "backlog.ImportRun": ("feedback__customer",),
    "backlog.MessageTemplate": (),
    "backlog.MailDomain": (),
    "backlog.Endpoint": (),
    "backlog.WebhookDelivery": (f"event__{_ASKED}",),
    "backlog.Event": (_ASKED, "obligations__customer"),
    "backlog.View": (),
    "backlog.Suggestion": ("feedback__customer", "customer", "into_customer"),
}

_declared: list[Declared] = [Declared(ERASED, REDACTED, NONE, LINKED)]


def register(declared: Declared) -> None:
    """Another app's columns; its rows are locked after all of these."""
    _declared.append(declared)


def declared() -> Declared:
    """Of all apps together."""
    merged: list[dict[str, tuple[str, ...]]] = [{} for _kind in Declared._fields]
    for each in _declared:
        for known, columns in zip(merged, each, strict=True):
            for label, names in columns.items():
                known[label] = known.get(label, ()) + names
    return Declared(*merged)
