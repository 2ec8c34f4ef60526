from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "questions"
    verbose_name = "Questionnaires et évaluations"

    def ready(self):
        from questions.opening import adopt_provisional  # models are not loaded before
        from territories.affiliation import on_membership_opened

        on_membership_opened.append(adopt_provisional)
