"""Who may see, add and edit which noun on the desk."""

from dataclasses import dataclass, field
from typing import Final

from tests.access.matrix import ADMIN, ALL, BACKLOG, COUNCIL, PERSONAL, SECRETARIES


@dataclass(frozen=True)
class Noun:
    """The admin's pages of one noun: its list and pages, adding, editing, and its steps.

    Nobody deletes anything. With `of_product`, the pages of a closed product's rows are not there.
    """

    see: str
    add: str = ""
    edit: str = ""
    of_product: bool = False
    steps: dict[str, str] = field(default_factory=dict)


ADMIN_PAGES: Final = {
    "backlog_account": Noun(PERSONAL, add=BACKLOG, edit=BACKLOG),
    "backlog_apitoken": Noun(ADMIN, add=ADMIN, steps={"rotate": ADMIN, "revoke": ADMIN}),
    "backlog_assessment": Noun(ALL, of_product=True),
    "backlog_commitment": Noun(
        ALL,
        of_product=True,
        steps={
            "record_outcome": BACKLOG,
            "set_effort": BACKLOG,
            "edit_terms": BACKLOG,
            "withdraw": BACKLOG,
        },
    ),
    "backlog_contactpoint": Noun(PERSONAL, steps={"unsubscribe": BACKLOG}),
    "backlog_customer": Noun(
        PERSONAL,
        add=BACKLOG,
        edit=BACKLOG,
        steps={
            "move": BACKLOG,
            "leave": BACKLOG,
            "correct_account": BACKLOG,
            "add_address": BACKLOG,
            "give_consent": BACKLOG,
            "withdraw_consent": BACKLOG,
            "note_privacy_request": BACKLOG,
            "hand_over_copy": ADMIN,
            "erase": ADMIN,
        },
    ),
    "backlog_customerrequest": Noun(
        ALL,
        add=BACKLOG,
        edit=BACKLOG,
        of_product=True,
        steps={
            "to_top": BACKLOG,
            "up": BACKLOG,
            "down": BACKLOG,
            "override_status": BACKLOG,
            "set_department_step": BACKLOG,
        },
    ),
    "backlog_webhookdelivery": Noun(ADMIN, of_product=True, steps={"retry": ADMIN}),
    "backlog_department": Noun(ALL, add=ADMIN, edit=ADMIN),
    "backlog_endpoint": Noun(
        ADMIN,
        add=ADMIN,
        edit=ADMIN,
        of_product=True,
        steps={"test": ADMIN, "show_secret": ADMIN, "rotate": ADMIN, "replay": ADMIN},
    ),
    "backlog_event": Noun(ALL, of_product=True),
    "backlog_evidence": Noun(ALL, of_product=True, steps={"unlink": BACKLOG}),
    "backlog_feedback": Noun(
        ALL,
        add=ALL,
        of_product=True,
        steps={"open_request": BACKLOG, "link_to_request": BACKLOG},
    ),
    "backlog_importrun": Noun(ADMIN, of_product=True),
    "backlog_messagetemplate": Noun(ALL, of_product=True),
    "backlog_statusupdate": Noun(ALL, of_product=True),
    "backlog_notice": Noun(PERSONAL, of_product=True, steps={"retry": BACKLOG}),
    "backlog_obligation": Noun(PERSONAL, of_product=True, steps={"waive": BACKLOG}),
    "backlog_outcome": Noun(ALL, of_product=True, steps={"measure": BACKLOG}),
    "backlog_product": Noun(
        ALL,
        add=ADMIN,
        edit=ADMIN,
        of_product=True,
        steps={"use_model": ADMIN, "grant": ADMIN, "revoke": ADMIN},
    ),
    "backlog_reply": Noun(ALL, of_product=True),
    "backlog_scoringmodel": Noun(ALL, add=ADMIN),
    "backlog_source": Noun(ALL, add=ADMIN, edit=ADMIN, of_product=True),
    "backlog_sprint": Noun(
        ALL,
        add=BACKLOG,
        edit=BACKLOG,
        of_product=True,
        steps={
            "commit": BACKLOG,
            "set_capacity": BACKLOG,
            "start": BACKLOG,
            "close": BACKLOG,
        },
    ),
    "backlog_user": Noun(
        ADMIN, add=ADMIN, edit=ADMIN, steps={"invite": ADMIN, "set_password": ADMIN}
    ),
    "council_actionitem": Noun(
        ALL,
        add=COUNCIL,
        of_product=True,
        steps={
            "claim_done": ALL,
            "verify": COUNCIL,
            "block": ALL,
            "unblock": ALL,
            "reopen": COUNCIL,
            "cancel": COUNCIL,
        },
    ),
    "council_agendaitem": Noun(
        ALL,
        of_product=True,
        steps={
            "decide": COUNCIL,
            "assign": COUNCIL,
            "accept": SECRETARIES,
            "decline": SECRETARIES,
            "carry_over": SECRETARIES,
            "withdraw": SECRETARIES,
        },
    ),
    "council_ballot": Noun(ALL, of_product=True),
    "council_council": Noun(ALL, add=ADMIN, edit=ADMIN, steps={"add_seat": ADMIN}),
    "council_decision": Noun(ALL, add=COUNCIL, of_product=True),
    "council_meeting": Noun(
        ALL,
        add=SECRETARIES,
        steps={
            "add_item": SECRETARIES,
            "open": SECRETARIES,
            "attend": SECRETARIES,
            "leave": SECRETARIES,
            "end": SECRETARIES,
            "cancel": SECRETARIES,
        },
    ),
    "council_seal": Noun(ALL, of_product=True),
    "council_seat": Noun(ALL, steps={"appoint": ADMIN}),
}
