"""Addresses of the site that are not Wagtail pages; placed before Wagtail's."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from cms import views
from cms.feeds import NewsFeed

app_name = "cms"
urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("plan-du-site/", views.site_map, name="site_map"),
    path("sitemap.xml", views.sitemap_xml, name="sitemap_xml"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "flux/actualites.xml", login_not_required(views.for_an_hour(NewsFeed())), name="news_feed"
    ),
    path("theme.css", views.theme, name="theme"),
    path(".well-known/security.txt", views.security, name="security"),
]
