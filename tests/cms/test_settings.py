import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Site

from cms.models import SiteSettings


@pytest.fixture
def instance(home):
    return SiteSettings.for_site(Site.objects.get())


@pytest.mark.parametrize("colour", ["#14532D", "#000080", "#7F1D1D", "#2f7d4f"])
def test_a_dark_colour_is_accepted(instance, colour):
    instance.brand_colour = colour

    instance.full_clean()


@pytest.mark.parametrize("name", ["brand_colour", "accent_colour"])
@pytest.mark.parametrize("colour", ["#7CB342", "#FFFFFF", "#787878"])
def test_a_colour_that_does_not_read_on_paper_is_refused_beside_its_field(instance, name, colour):
    setattr(instance, name, colour)

    with pytest.raises(ValidationError) as error:
        instance.full_clean()

    assert list(error.value.message_dict) == [name]
    assert "4,5" in error.value.message_dict[name][0]


@pytest.mark.parametrize("colour", ["vert", "#14532", "#14532D;}", "url(x)", "#14532D\n"])
def test_what_is_not_a_colour_is_refused(instance, colour):
    instance.brand_colour = colour

    with pytest.raises(ValidationError):
        instance.full_clean()


def test_pages_ask_for_colours_only_when_they_are_not_the_usual_ones(instance, client):
    assert "/theme.css" not in client.get("/").content.decode()

    instance.brand_colour = "#000080"
    instance.save()

    assert '<link rel="stylesheet" href="/theme.css">' in client.get("/").content.decode()


def test_the_theme_gives_the_colours_for_light_and_dark_and_is_cached(instance, client):
    instance.brand_colour = "#000080"
    instance.save()

    response = client.get("/theme.css")

    assert response["Content-Type"] == "text/css"
    assert "max-age=3600" in response["Cache-Control"]
    assert "--brand: #000080;" in response.content.decode()
    assert "prefers-color-scheme: dark" in response.content.decode()


def test_the_name_of_the_instance_is_on_every_page(instance, client):
    instance.name = "Numérique & Vous"
    instance.save()

    assert "Numérique &amp; Vous</title>" in client.get("/recherche/").content.decode()


def test_the_logo_stands_in_the_head_of_every_page_and_costs_at_most_one_query(
    instance, client, django_assert_num_queries, django_assert_max_num_queries
):
    client.get("/recherche/")
    with django_assert_num_queries(3):
        client.get("/recherche/")
    picture = ContentFile(b"", name="logo.png")
    Picture.new("RGB", (600, 600), "green").save(picture, "PNG")
    instance.logo = Image.objects.create(title="Logo", file=picture)
    instance.save()
    client.get("/recherche/")

    with django_assert_max_num_queries(4):
        content = client.get("/recherche/").content.decode()

    logo = BeautifulSoup(content, "html.parser").find("a", class_="brand").img
    assert logo["src"].startswith("/media/images/logo")
    assert (logo["alt"], logo["width"], logo["height"]) == ("", "72", "72")


def test_there_is_always_somewhere_to_write(instance, settings):
    settings.NATIONAL_CONTACT_EMAIL = "secours@national.example"
    assert instance.contact == "secours@national.example"

    instance.contact_email = "contact@instance.example"

    assert instance.contact == "contact@instance.example"


@pytest.mark.parametrize("siren", ["12345678", "1234567890", "abcdefghi"])
def test_a_siren_has_nine_digits(instance, siren):
    instance.siren = siren

    with pytest.raises(ValidationError):
        instance.full_clean()


def test_every_page_gives_the_code_that_serves_it_and_the_state_of_its_accessibility(
    instance, client
):
    def foot(address: str):
        return BeautifulSoup(client.get(address).content, "html.parser").footer

    assert foot("/").find("a", string="logiciel libre")["href"] == "/mentions-legales/"
    assert "Accessibilité\u00a0: non conforme" in foot("/").text

    instance.source_url = "https://code.example/eco-clic"
    instance.accessibility = "partiellement conforme"
    instance.save()

    for address in ("/", "/compte/connexion/", "/nulle-part/"):
        link = foot(address).find("a", string="logiciel libre")
        assert link["href"] == "https://code.example/eco-clic"
        assert "Accessibilité\u00a0: partiellement conforme" in foot(address).text
