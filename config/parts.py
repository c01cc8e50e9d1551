"""The apps and their parts, in the order in which they may import one another.

An app imports only apps above it, a part only parts above it in its app. Celery looks for tasks
here, and ``tests/contracts/test_architecture.py`` holds the directions.
"""

from pathlib import Path

PARTS: dict[str, tuple[str, ...]] = {
    "users": ("accounts", "profiles", "api", "pages"),
    "feedback": ("intake", "analysis", "themes", "channels", "knowledge", "api", "pages"),
    "tickets": (
        "queues",
        "desk",
        "routing",
        "replies",
        "mentions",
        "crisis",
        "fixes",
        "summaries",
        "live",
        "subscriptions",
        "hooks",
        "workbench",
        "api",
        "demo",
    ),
}


# Modules that compute and nothing else: they, and what they import, know neither Django nor Celery.
# They can be called, tested and reasoned about alone.
PURE: frozenset[str] = frozenset(
    {
        "config.kit.cells",
        "config.kit.languages",
        "feedback.analysis.artifacts",
        "feedback.analysis.assess",
        "feedback.analysis.calm",
        "feedback.analysis.duplicates",
        "feedback.analysis.encoder",
        "feedback.analysis.features",
        "feedback.analysis.json_lines",
        "feedback.analysis.language",
        "feedback.analysis.language_cues",
        "feedback.analysis.lessons",
        "feedback.analysis.lexemes",
        "feedback.analysis.linear",
        "feedback.analysis.opinions",
        "feedback.analysis.sentences",
        "feedback.analysis.sentiment",
        "feedback.analysis.signals",
        "feedback.analysis.topic",
        "feedback.analysis.training.build",
        "feedback.analysis.training.corpus",
        "feedback.analysis.training.moods",
        "feedback.analysis.training.regression",
        "feedback.analysis.training.urgency",
        "feedback.analysis.urgency",
        "feedback.analysis.word_lists",
        "feedback.channels.email.addresses",
        "feedback.channels.email.automatic",
        "feedback.channels.email.body",
        "feedback.channels.email.charsets",
        "feedback.channels.email.child",
        "feedback.channels.email.cms",
        "feedback.channels.email.dates",
        "feedback.channels.email.enclosed",
        "feedback.channels.email.encoded_words",
        "feedback.channels.email.envelope",
        "feedback.channels.email.filenames",
        "feedback.channels.email.headers",
        "feedback.channels.email.mail_parse",
        "feedback.channels.email.markup",
        "feedback.channels.email.mime",
        "feedback.channels.email.notices",
        "feedback.channels.email.parse",
        "feedback.channels.email.parsed",
        "feedback.channels.email.phrases",
        "feedback.channels.email.plain",
        "feedback.channels.email.quotes",
        "feedback.channels.email.render",
        "feedback.channels.email.rtf",
        "feedback.channels.email.sandbox",
        "feedback.channels.email.signature_phrases",
        "feedback.channels.email.signatures",
        "feedback.channels.email.threads",
        "feedback.channels.email.tnef",
        "feedback.channels.table.mapping",
        "feedback.channels.table.reading",
        "feedback.intake.bounds",
        "feedback.intake.files",
        "feedback.intake.folding",
        "feedback.intake.screen",
        "feedback.knowledge.markup",
        "feedback.knowledge.passages",
        "feedback.knowledge.ranking",
        "feedback.themes.beside",
        "feedback.themes.centres",
        "feedback.themes.cluster",
        "feedback.themes.continuity",
        "feedback.themes.glosses",
        "feedback.themes.graph",
        "feedback.themes.group",
        "feedback.themes.grouping",
        "feedback.themes.identity",
        "feedback.themes.labels",
        "feedback.themes.legibility",
        "feedback.themes.naming",
        "feedback.themes.neighbours",
        "feedback.themes.noise",
        "feedback.themes.phrases",
        "feedback.themes.praise",
        "feedback.themes.quotes",
        "feedback.themes.rank",
        "feedback.themes.repeated",
        "feedback.themes.sampling",
        "feedback.themes.scoreboard",
        "feedback.themes.scrub",
        "feedback.themes.stop_words",
        "feedback.themes.talk",
        "feedback.themes.trend",
        "feedback.themes.words",
        "tickets.demo.corpus",
        "tickets.demo.pains",
        "tickets.demo.people",
        "tickets.demo.reading",
        "tickets.demo.releases",
        "tickets.demo.story",
        "tickets.demo.told",
        "tickets.demo.wording",
        "tickets.fixes.versions",
        "tickets.mentions.naming",
        "tickets.hooks.pauses",
        "tickets.queues.clock",
        "tickets.queues.escalation",
        "tickets.replies.variables",
        "tickets.routing.decide",
        "tickets.summaries.drawing",
        "tickets.summaries.outbreaks",
        "tickets.summaries.periods",
        "tickets.summaries.writing",
        "tickets.workbench.shown_text",
        "users.profiles.quiet",
    }
)


def folders(name: str) -> list[Path]:
    """Return the folders called ``name`` (templates, static) inside parts; Django looks only into apps itself."""
    root = Path(__file__).resolve().parent.parent
    inside = [root / app / part / name for app, parts in PARTS.items() for part in parts]
    return [folder for folder in inside if folder.is_dir()]


def packages() -> list[str]:
    """Return the dotted name of every package that may hold tasks, lowest first."""
    return ["config.kit", *(f"{app}.{part}" for app, parts in PARTS.items() for part in parts)]
