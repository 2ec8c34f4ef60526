from django.db import models


class Level(models.IntegerChoices):
    ONE = 1, "niveau 1"
    TWO = 2, "niveau 2"


class EditionState(models.TextChoices):
    DRAFT = "draft", "brouillon"
    PUBLISHED = "published", "publiée"
    RETIRED = "retired", "retirée"


class QuestionKind(models.TextChoices):
    YES_NO = "yes_no", "oui ou non"
    ONE_OF = "one_of", "un choix"
    SEVERAL_OF = "several_of", "plusieurs choix"
    NUMBER = "number", "nombre"
    PERCENT = "percent", "pourcentage"
    AMOUNT = "amount", "montant"
    TEXT = "text", "texte"
    NAME = "name", "nom"
    DATE = "date", "date"


CHOSEN = (QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF)
"""The answer is among the options of the question."""


class YesNo(models.TextChoices):
    YES = "oui", "Oui"
    NO = "non", "Non"


class AnswerState(models.TextChoices):
    ANSWERED = "answered", "répondu"
    NOT_APPLICABLE = "not_applicable", "non concerné"
    UNKNOWN = "unknown", "ne sait pas"


class Channel(models.TextChoices):
    AGENT = "agent", "agent de la collectivité"
    OPSN = "opsn", "conseiller de l’OPSN"
    IMPORT = "import", "import"
    CARRIED_OVER = "carried_over", "reprise de l’évaluation précédente"


class AssessmentState(models.TextChoices):
    OPEN = "open", "en cours"
    CLOSED = "closed", "clôturée"
    ARCHIVED = "archived", "archivée"


class Letter(models.TextChoices):
    """The letter of an index, with the words that always go with it."""

    A = "A", "exemplaire"
    B = "B", "bien engagée"
    C = "C", "en chemin"
    D = "D", "premiers pas"
    E = "E", "tout commence"


class ThreeSteps(models.TextChoices):
    LOW = "low", "faible"
    MEDIUM = "medium", "moyen"
    HIGH = "high", "fort"


class Cost(models.TextChoices):
    NONE = "none", "gratuit"
    LOW = "low", "moins de 500\u00a0€"
    MEDIUM = "medium", "500 à 5\u00a0000\u00a0€"
    HIGH = "high", "plus de 5\u00a0000\u00a0€"


class Priority(models.TextChoices):
    HIGH = "high", "haute"
    MEDIUM = "medium", "moyenne"
    LOW = "low", "basse"


class ReenObjective(models.IntegerChoices):
    """The six objectives of CGCT art. D. 2311-15-1 (décret n° 2022-1084 of 29 July 2022), in short."""

    PROCUREMENT = 1, "Commande publique locale et durable"
    LIFE_CYCLE = 2, "Gestion durable du cycle de vie du matériel"
    ECODESIGN = 3, "Écoconception des sites et services"
    AWARENESS = 4, "Sensibilisation des élus et agents, sécurité"
    CITIZENS = 5, "Démarche auprès de tous, inclusion numérique"
    TERRITORY = 6, "Territoire connecté et durable, données"


class ProfileFact(models.TextChoices):
    """What is true or not of a collectivité, and decides what level 2 asks of it."""

    OWN_SERVERS = "serveurs", "Vous avez au moins un serveur dans vos murs"
    SCHOOLS = "ecoles", "Vous équipez des écoles en matériel informatique"
    WEBSITE = "site_web", "Vous avez un site internet"
    ONLINE_SERVICES = "teleservices", "Vous proposez des démarches en ligne aux habitants"
    CONNECTED_OBJECTS = "objets_connectes", "Vous avez des objets connectés ou des capteurs"
    STREET_LIGHTING = "eclairage", "Vous gérez l’éclairage public"
    WATER = "eau", "Vous gérez l’eau ou l’assainissement"
    WASTE = "dechets", "Vous gérez la collecte des déchets"
    CAMERAS = "video", "Vous avez de la vidéoprotection"
    LARGE_BUILDING = (
        "batiment_1000",
        "Vous occupez un bâtiment tertiaire d’au moins 1\u00a0000\u00a0m²",
    )
    LARGE_BUYER = "achats_50m", "Vos achats dépassent 50\u00a0millions d’euros HT par an"


class ReviewState(models.TextChoices):
    SUBMITTED = "submitted", "à relire"
    VALIDATED = "validated", "validé"
    SENT_BACK = "sent_back", "à reprendre"


class DeviceFamily(models.TextChoices):
    LAPTOP = "portable", "ordinateurs portables"
    DESKTOP = "fixe", "ordinateurs fixes"
    SCREEN = "ecran", "écrans"
    TABLET = "tablette", "tablettes"
    SMARTPHONE = "smartphone", "téléphones mobiles"
    PRINTER = "imprimante", "imprimantes individuelles"
    COPIER = "copieur", "copieurs et multifonctions"
    SERVER = "serveur", "serveurs"
    NETWORK = "reseau", "équipements de réseau"
    DISPLAY = "afficheur", "afficheurs et téléviseurs"
