from wagtail import hooks

from cms.links import LivePageLinkHandler


@hooks.register("register_rich_text_features", order=200)
def link_to_live_pages(features):
    """Replace the handler of Wagtail's core, registered before."""
    features.register_link_type(LivePageLinkHandler)
