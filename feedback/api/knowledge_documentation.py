"""OpenAPI documentation of the endpoints on articles and known problems."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter

from config.kit.documentation import IDEMPOTENCY_KEY, Body, Operation
from feedback.api import knowledge_serializers as shapes
from feedback.api.documentation import BAD_BODY, RECEIPTS

HELP = "help"
_ID = "3f0c1c1e-8f0e-4b62-9c39-7a1d8a4f6b21"
_BASE = "https://feedback.example.org"

PROBLEM = {
    "id": _ID,
    "title": "上传停在 99%",
    "text": "9.4.1 版本中，部分视频上传停在 99%。我们正在修复，视频没有丢失。",
    "language": "zh-Hans",
    "state": "published",
    "since": "2026-11-20",
    "fixed_in": "9.4.2",
    "report_url": f"{_BASE}/api/v1/known-problems/{_ID}/reports",
}
ARTICLE_FOUND = {
    "slug": "upload-stuck",
    "title": "上传卡住怎么办",
    "text": "1. 保持应用在前台\n2. 关闭“高清上传”再试",
    "language": "zh-Hans",
    "is_foreign": False,
    "topic": "bug",
    "tags": ["upload"],
    "url": f"{_BASE}/help/upload-stuck",
}

KNOWN_PROBLEMS = Operation(
    "findKnownProblems",
    HELP,
    {200: Body(shapes.KnownProblemsOut, {"results": [PROBLEM]})},
    takes=Body(shapes.QuestionIn, {"text": "视频上传到 99% 就不动了", "language": "zh-Hans"}),
    refuses=(401, 403, *BAD_BODY),
)
REPORT = Operation(
    "reportKnownProblem",
    HELP,
    RECEIPTS,
    takes=Body(
        shapes.ReportIn,
        {
            "text": "",
            "language": "zh-Hans",
            "customer": {"email": "kim@example.org"},
            "context": {"app_version": "9.4.1", "platform": "android"},
        },
    ),
    refuses=(401, 403, 404, *BAD_BODY),
    parameters=(IDEMPOTENCY_KEY,),
)
ARTICLES = Operation(
    "findArticles",
    HELP,
    {200: Body(shapes.ArticlesOut, {"results": [ARTICLE_FOUND]})},
    refuses=(401, 403, 422),
    parameters=(
        OpenApiParameter(
            "query", str, required=True, description="A question, in any words and any language."
        ),
        OpenApiParameter("language", str, description="Of the reader; else Accept-Language."),
        OpenApiParameter("platform", str, description="Such as android: articles for it come first."),
        OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 10, "default": 5}),
    ),
)
ARTICLE = Operation(
    "readArticle", HELP, {200: Body(shapes.ArticleOut, ARTICLE_FOUND)}, refuses=(401, 403, 404)
)
