from django.db import models


class LoadedPage(models.Model):
    """One row per page of `cms/content/` that was loaded: what it said, and what it became.

    Whoever saves a page makes a new revision, so a page is as it was loaded while its latest revision is this one.
    """

    key = models.CharField("fichier", max_length=120, unique=True)
    digest = models.CharField("empreinte du contenu", max_length=64)
    page = models.OneToOneField(
        "wagtailcore.Page", models.SET_NULL, blank=True, null=True, related_name="+"
    )
    revision = models.PositiveBigIntegerField("révision chargée", null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "page chargée"
        verbose_name_plural = "pages chargées"

    def __str__(self) -> str:
        return self.key

    def is_as_loaded(self) -> bool:
        """Tell whether nobody has touched the page since: neither saved, nor unpublished, nor deleted it."""
        return (
            self.revision is not None
            and self.page is not None
            and self.page.live
            and self.page.latest_revision_id == self.revision
        )
