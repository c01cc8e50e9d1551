"""The public pages of what is known: help articles, and what may be it while somebody writes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from config.kit.languages import is_foreign
from config.kit.naming import page_language
from config.kit.pages import public_page
from config.kit.text import clean_line
from config.kit.throttles import places_of, wait_of
from feedback.analysis.meaning import meaning_of
from feedback.knowledge.markup import as_html
from feedback.knowledge.models import Article, KnownProblem
from feedback.knowledge.opinions import note_opinion
from feedback.knowledge.ranking import Reader
from feedback.knowledge.recommend import Question, articles_for
from feedback.knowledge.services import published_article, wording_for
from feedback.knowledge.suggesting import suggestions_for

MOST_FOUND = 10
MOST_LISTED = 100
MOST_TYPED = 2000


@require_POST
@public_page
def suggestions(request: HttpRequest) -> HttpResponseBase:
    """Return what may be known of a text that is being typed; nothing to whoever asks too often."""
    if is_too_often(request):
        return HttpResponse(status=204)
    suggested = suggestions_for(request.POST.get("text", "")[:MOST_TYPED], at=timezone.now())
    return render(request, "pages/suggestions.html", {"suggested": suggested})


@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponseBase:
    """List the articles and the known problems, or find articles for ``?q=``."""
    language = page_language()
    query = clean_line(request.GET.get("q", "")[:200])
    context: dict[str, Any] = {"query": query, "problems": [], "texts": []}
    if query:
        vector = None if is_too_often(request) else meaning_of(query)
        found = articles_for(Question(query, vector), Reader(language), most=MOST_FOUND)
        context["texts"] = [answer.text for answer in found]
    else:
        told = KnownProblem.objects.told(timezone.now()).prefetch_related("texts").order_by("-since", "-pk")
        shown = [problem for problem in told[:MOST_LISTED] if problem.texts.all()]
        context["problems"] = [(problem, wording_for(problem, language)) for problem in shown]
        articles = Article.objects.published().prefetch_related("texts").order_by("topic", "slug")
        context["texts"] = [wording_for(one, language) for one in articles[:MOST_LISTED] if one.texts.all()]
    return render(request, "pages/help.html", context)


@require_safe
@public_page
def article(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show an article in the reader's language, or in one that we have, and say so."""
    found, language = published_article(slug), page_language()
    if found is None:
        raise Http404
    text = wording_for(found, language)
    context = {
        "text": text,
        "html": mark_safe(as_html(text.body)),  # noqa: S308 - escaped by as_html, which writes every tag itself
        "is_foreign": is_foreign(text.language, language),
        "said": request.GET.get("helped", ""),
    }
    return render(request, "pages/article.html", context)


@require_POST
@public_page
def opinion(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Count whether the article helped, once a day and address; nothing of the reader is kept."""
    found, helped = published_article(slug), request.POST.get("helped", "")
    if found is None or helped not in ("yes", "no"):
        raise Http404
    text = wording_for(found, request.POST.get("language", ""))
    address, _network = places_of(request)
    if wait_of({f"{address}:article:{found.pk}": "article_opinions"}) is None:
        note_opinion(text, helped=helped == "yes", at=timezone.now())
    return HttpResponseRedirect(f"{reverse('help-article', args=[slug])}?helped={helped}", status=303)


def is_too_often(request: HttpRequest) -> bool:
    address, _network = places_of(request)
    return wait_of({address: "anonymous_questions"}) is not None
