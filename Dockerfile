FROM python:3.12-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --create-home eco
WORKDIR /srv/eco-clic
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# The manifest of static files is part of the image; these values are used for nothing else.
RUN DJANGO_SETTINGS_MODULE=config.settings.production SECRET_KEY=$(head -c 60 /dev/urandom | base64 -w0) SITE_HOST=localhost \
    DATABASE_URL=sqlite:///:memory: EMAIL_HOST=localhost DEFAULT_FROM_EMAIL=a@b.example \
    python manage.py collectstatic --noinput && mkdir -p media var/private && chown -R eco media var
USER eco
EXPOSE 8001
CMD ["sh", "-c", "python manage.py migrate && python manage.py createcachetable && python manage.py load_starter --without-demo && exec gunicorn config.wsgi --bind 0.0.0.0:8001 --workers 3 --max-requests 2000"]
