# One image for web, workers, clock and poller.
FROM node:24-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY vite.config.js ./
COPY static static
COPY networks/adapters networks/adapters
RUN npm run build

FROM python:3.13-slim AS packages
WORKDIR /app
# facebook-sdk and python-linkedin-v2 come as source: they are built here, never in the image that runs.
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin gardu \
    && mkdir -p /app /data && chown gardu /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=front /app/static/dist static/dist
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data ENVIRONMENT=production
RUN ENVIRONMENT=development python manage.py compilemessages
# Collecting needs settings that would start; these values exist in this layer only and open nothing.
RUN SECRET_KEY="build-only-$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    VAULT_KEYS="build:$(python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())')" \
    PUBLIC_URL=https://build.invalid ALLOWED_HOSTS=build.invalid REDIS_URL=redis://build.invalid/0 \
    DATABASE_URL=postgres://app@build.invalid/gardu DATABASE_OWNER_URL=postgres://owner@build.invalid/gardu \
    sh -c 'python manage.py collectstatic --noinput && python manage.py compilemessages'
USER gardu
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "docker/alive.py", "web"]
CMD ["gunicorn", "-c", "python:smm.serving", "--bind", "0.0.0.0:8000", "smm.wsgi"]
