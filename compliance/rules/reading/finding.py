"""How a rule about disclosure turns what was read into a finding."""

from __future__ import annotations

from compliance.protocol import Context, Edit, Finding
from compliance.rules.reading.adequacy import Problem, standing
from compliance.rules.reading.mending import disclosure
from compliance.rules.reading.post import Post, read
from networks.protocol import Content

SHOWN = ("text", "title")


def in_doubt(content: Content, context: Context) -> bool:
    """Whether anything is wrong with how the post discloses: if not, no rule about disclosure need look."""
    return bool(standing(content, context).problems)


def finding(
    code: str, reason: str, source: str, content: Content, context: Context, *, mend: bool = True
) -> tuple[Finding, ...]:
    """The finding of the rule `code`, when the post's best disclosure has that problem. `mend`: words can mend it."""
    problem = standing(content, context).of(code)
    if problem is None:
        return ()
    post = read(content, context)
    return (
        Finding(
            code=code,
            severity=problem.severity,
            reason=reason,
            source=source,
            span=problem.mention.span if problem.mention else None,
            part=problem.mention.part if problem.mention else "text",
            edit=_edit(problem, content, context) if mend else None,
            parameters=_parameters(problem, post, context),
        ),
    )


def _edit(problem: Problem, content: Content, context: Context) -> Edit | None:
    return disclosure(content, context)


def _parameters(problem: Problem, post: Post, context: Context) -> dict[str, str | int | float]:
    tie = post.ties[0]
    mention = problem.mention
    words = post.parts[mention.part][slice(*mention.span)].strip() if mention else ""
    return {
        "brand": tie.brand,
        "kind": str(tie.kind).replace("_", " "),
        "words": words,
        "part": mention.part if mention else "",
        "place": problem.place or ", ".join(context.places),
        "network": context.network,
    }
