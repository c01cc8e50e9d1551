"""Does this process live, and can it serve? For load balancers and the supervisor."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer that the process lives; asks nobody else."""
    return JsonResponse({"status": "ok"})
