"""How an operation can fail: each status it may answer, and what that means."""

import inspect
from collections.abc import Iterator

from backlog import errors
from backlog.api.framework import base

# The first code of each is the one that its example shows.
MEANINGS = {
    400: "`parse_error`: not JSON. `unknown_parameter`, `repeated_parameter`, `bad_query`: a"
    " parameter that does not exist here, is given twice, or has an impossible value.",
    401: "`not_authenticated`: no token and no session. `token_unknown`, `token_expired`,"
    " `token_revoked`, `owner_inactive`: a token that is good for nothing.",
    403: "`scope_missing`: the token lacks the scope. `permission_missing`: its owner, or who is"
    " signed in, lacks the permission. `detail` names it.",
    404: "`not_found`: it is not there, or the caller may not see it.",
    406: "`not_acceptable`: only JSON is answered.",
    412: "`version_conflict`: somebody edited it since. Read it again.",
    413: "`body_too_large`: more than 10 MiB.",
    415: "`unsupported_media_type`: only JSON is taken.",
    422: "`invalid`: well formed, but not valid. `errors` point at each fault.",
    428: "`version_required`: send `If-Match` with the `ETag` of what you read.",
    429: "`too_many_calls`: too many calls. Come back after `Retry-After` seconds.",
    503: "`unavailable`: the database is busy or away. Nothing was done; come back after"
    " `Retry-After` seconds.",
}
IDEMPOTENCY = (errors.StillWorking, errors.LeaseLost)


def of(view: base.Resource[base.M], method: str, path: str) -> dict[str, str]:
    """The meaning by status, of one method at one address."""
    statuses = [400, 401, 403, 406, 429, 503]
    if "{" in path:
        statuses.append(404)
    if method in {"POST", "PATCH"}:
        statuses += [413, 415, 422]
    if method == "PATCH" and view.is_versioned:
        statuses += [412, 428]
    if errors.VersionConflict in _of_policy(view):
        statuses.append(412)
    told = {status: MEANINGS[status] for status in statuses}
    if refusals := list(_refusals(view, method)):
        told[409] = "A rule says no, now:\n\n" + "\n".join(refusals)
    return {str(status): told[status] for status in sorted(told)}


def _of_policy(view: base.Resource[base.M]) -> tuple[type[errors.Refusal], ...]:
    needs = view.access.get(str(view.action))
    return needs.refusals if needs else ()


def _refusals(view: base.Resource[base.M], method: str) -> Iterator[str]:
    refusals = _of_policy(view)
    if method == "POST" and view.is_idempotent:
        refusals += IDEMPOTENCY
    for refusal in refusals:
        if refusal is errors.VersionConflict:
            continue  # It has a status of its own.
        words = " ".join((inspect.getdoc(refusal) or "").split())
        yield f"- `{refusal.code}`: {words}"
