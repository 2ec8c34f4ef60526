from cms.models.guides import GuideIndexPage, GuidePage
from cms.models.home import HomePage
from cms.models.loaded import LoadedPage
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.pages import FaqPage, StandardPage
from cms.models.settings import SiteSettings

__all__ = [
    "FaqPage",
    "GuideIndexPage",
    "GuidePage",
    "HomePage",
    "LoadedPage",
    "NewsIndexPage",
    "NewsPage",
    "SiteSettings",
    "StandardPage",
]
