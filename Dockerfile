# Two stages: what builds stays behind. Not run on the machine it was written on: docs/deploy.md.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/memsite
RUN python -m venv .venv
COPY requirements/base.lock requirements/base.lock
# Only what the lock names, byte for byte.
RUN .venv/bin/pip install --require-hashes -r requirements/base.lock
COPY . .
# Settings need a secret and a host to load; these are thrown away with the layer's process.
RUN MEMSITE_SECRET_KEY=only-to-gather-the-static-files-never-used-by-a-server-000 MEMSITE_ALLOWED_HOSTS=localhost \
    MEMSITE_DATA_DIR=/tmp/build .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /srv/memsite memsite && install -d -o memsite -m 0700 /var/lib/memsite
WORKDIR /srv/memsite
COPY --from=build /srv/memsite /srv/memsite
ENV PATH=/srv/memsite/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEMSITE_DATA_DIR=/var/lib/memsite
USER memsite
VOLUME /var/lib/memsite
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=40s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# Whose word on address and HTTPS is taken is the proxies' own matter: MEMSITE_PROXIES, not uvicorn's headers.
CMD ["uvicorn", "memsite.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--no-proxy-headers", "--no-server-header", "--no-access-log", "--timeout-graceful-shutdown", "20"]
