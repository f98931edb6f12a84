"""Money that is asked of a payment participant, and what goes back by it: every refund is sent, and none is forgotten."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import Message, Program
from orderloom.engine.effects import Send
from orderloom.engine.errors import NoWayForward
from orderloom.engine.issue import OpenIssue
from orderloom.engine.order import Order, Tender
from orderloom.engine.process.blocks import settle
from orderloom.engine.process.issues import open_issue
from orderloom.engine.process.messages import recipient
from orderloom.engine.state import ORDER, REFUND_FAILED, Claim, Document, visit_of
from orderloom.engine.turn import Turn

REFUND = "refund"
TRY_AGAIN, PAID_OTHERWISE = "try-again", "paid-otherwise"


def told(claim: Claim, order: Order) -> dict[str, object]:
    """What a participant is told of money, beside the rest. JSON values only; amounts are texts, exactly as they are."""
    tenders = [{"tender": t.tender, "amount": str(t.amount), "reference": t.reference} for t in claim.tenders]
    about: dict[str, object] = {"amount": str(claim.amount), "currency": order.currency, "tenders": tenders}
    return about | ({"number": claim.document} if claim.document else {})


def ask_back(turn: Turn, document: Document) -> None:
    """Sends a refund to whoever receives `money: refund`; where nobody does, it is only recorded."""
    found = receiver(turn.world.program, REFUND)
    if found is not None:
        role, message = found
        declared = (each.reference for each in turn.state.order.payments if each.tender == document.tender)
        tender = Tender(document.tender, document.amount, next(declared, None))
        _send(turn, Claim(REFUND, role, message.name, (tender,), document.unit, document.number))


def receiver(program: Program, kind: str) -> tuple[str, Message] | None:
    """The role that receives this request about money, and the message."""
    roles = program.roles.values()
    return next(((role.name, each) for role in roles for each in role.receives.values() if each.money == kind), None)


def _send(turn: Turn, claim: Claim) -> None:
    key = f"{turn.state.order.id}/{claim.document}:1" + (f"#{claim.tries}" if claim.tries > 1 else "")
    turn.change(claims={**turn.state.claims, visit_of(key): claim})
    try:
        organization = recipient(turn.world, claim.role, None)
    except NoWayForward as fault:
        _failed(turn, claim, fault.because)
        return
    about = {"message": claim.message, "order": turn.state.order.id, **told(claim, turn.state.order)}
    turn.emit(Send(key, organization, claim.role, claim.message, about | ({"unit": claim.unit} if claim.unit else {})))


def gone_back(turn: Turn, visit: str, claim: Claim, reply: str, replies: tuple[str, ...]) -> None:
    """The answer to a refund: the first reply says that it is done, any other that it is not."""
    if replies and reply == replies[0]:
        _over(turn, visit, claim, reply)
    else:
        _failed(turn, claim, f"{claim.role} answers {reply}")


def not_delivered(turn: Turn, claim: Claim, because: str) -> None:
    """A refund that the participant did not get, however often it was sent."""
    _failed(turn, claim, f"the request could not be delivered: {because}")


def decided(turn: Turn, issue: OpenIssue, option: str) -> None:
    """Somebody has looked at a refund that failed."""
    found = [(visit, each) for visit, each in turn.state.claims.items() if _issue(turn, each) == issue.id]
    for visit, claim in found:
        if option == TRY_AGAIN:
            _send(turn, replace(claim, tries=claim.tries + 1))
        else:
            _over(turn, visit, claim, option)


def without(turn: Turn, visit: str) -> None:
    """The claim is answered."""
    turn.change(claims={key: each for key, each in turn.state.claims.items() if key != visit})


def _over(turn: Turn, visit: str, claim: Claim, how: str) -> None:
    without(turn, visit)
    turn.note(claim.unit or ORDER, "money", f"{claim.document} {claim.amount} {how}")
    issue = turn.state.exceptions.get(_issue(turn, claim))
    if issue is not None:
        settle(turn, issue, PAID_OTHERWISE)


def _failed(turn: Turn, claim: Claim, because: str) -> None:
    """Nobody waits for a refund, so that somebody is told, even where the order has ended."""
    id = _issue(turn, claim)
    if id not in turn.state.exceptions:
        cause = f"{claim.document} of {claim.amount} {turn.state.order.currency}: {because}"
        open_issue(turn, turn.state.instances[ORDER], REFUND_FAILED, (TRY_AGAIN, PAID_OTHERWISE), cause, id=id)


def _issue(turn: Turn, claim: Claim) -> str:
    return f"{turn.state.order.id}/{claim.document}"
