"""The order of names in each language, as the standard collations of CLDR have it (``common/collation``)."""

from __future__ import annotations

import unicodedata
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.names.collation import collation_key, initial
from missiongraph.names.tailorings import TAILORINGS

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Co", "Cn")), max_size=8)
LANGUAGES = st.sampled_from([*sorted(TAILORINGS), "it"])

ORDERS = {
    "be": "Ельск|Ёды|Жлобін|Уша|Ўзда|Фаніпаль|Minsk",
    "bg": "1|Бургас|Варна|Йовково|Якоруда|Ямбол|Athens",
    "ca": "Calella|Cervera|Llançà|Lleida|Llívia|Lloret|Lluçà|Manresa",
    "cs": "Cvikov|Čáslav|Dačice|Hustopeče|Cheb|Chomutov|Ivančice|Rýmařov|Řevnice|Slaný|Šumperk|Znojmo|Žatec",
    "cy": "Cymer|Chirk|Dyserth|Ddôl|Loughor|Lwyd|Llandudno|Machynlleth|Rhyl|Swansea",
    "da": "Zealand|Ærø|Ørsted|Åbenrå|Aabenraa|Ålborg|Aalborg",
    "de": "Aachen|Ahlen|Ähre|Ahrensburg|Mass|Maß|Oder|Öhringen|Ostrau",
    "el": "Άργος|Βόλος|Ωραιόκαστρο|Athens",
    "en": "_x|-x|'x|&x|1|Aalen|Æthel|Afan|Ipswich|Isparta|ısı|Jena",
    "es": "Llanes|Lugo|Nuria|Nusa|Ñora|Oviedo",
    "et": "Saku|Suure|Šveits|Zürich|Žiguli|Tallinn|Valga|Võru|Võsu|Õru|Äksi|Öpi|Ülenurme|Xyz|Yes",
    "eu": "Donibane|Donostia|Ñabar|Nabarniz|Oñati",
    "fi": "Vaasa|Wien|Ylöjärvi|Zürich|Åbo|Ähtäri|Äänekoski|Öölanti",
    "fr": "cote|coté|côte|côté|Évian|Evry",
    "ga": "Áth|Baile|Éanna|Ennis",
    "gl": "Noia|Nuria|Ñora|Ourense",
    "hr": "Cres|Čabar|Ćićarija|Daruvar|Dvor|Džep|Đakovo|Lukač|Ljubuški|Motovun|Nuštar|Njivice|Split|Šibenik|Žminj",
    "hu": "Cegléd|Cukor|Csepel|Dunaújváros|Dzair|Dzsungel|Eger|Győr|Gyula|Hatvan|Lovas|Lyon|Nyíregyháza|Ózd|Öcs|Őcsény"
    "|Pécs|Sopron|Szeged|Tokaj|Tura|Tyukod|Üllő|Vác|Zirc|Zsámbék",
    "is": "Arnes|Ásar|Borg|Dalvík|Eyri|Él|Fell|Húsavík|Innri|Ísafjörður|Jökull|Olafs|Ólafsvík|Vík|Þórshöfn|Æðey|Ölfus",
    "it": "Como|Çorlu|Olbia|Örebro|Ostia|San Remo|San-Remo|Sanremo|Zürich",
    "lt": "Alytus|Ąžuolas|Cirkliškis|Čekiškė|Ylakiai|Ilgis|Įpiltis|Jonava|Skuodas|Šiauliai|Zarasai|Žagarė",
    "lv": "Cēsis|Čakste|Gulbene|Ģirts|Ikšķile|Yale|Īvande|Jelgava|Kuldīga|Ķegums|Limbaži|Ļaudona|Valka|Zilupe|Žīguri",
    "mk": "Дебар|Ѓавато|Ежево|Кичево|Куманово|Љубојно|Ќафа",
    "mt": "Birgu|Ċirkewwa|Comino|Floriana|Ġgantija|Gozo|Għarb|Hal|Ħamrun|Imdina|Żabbar|Zurrieq",
    "nl": "Diemen|Ieper|IJlst|Ijmuiden|Ilpendam|Jabbeke",
    "no": "Zakarias|Ænes|Ørsta|Ål|Ås|Aas|Aasen",
    "pl": "Lwów|Łódź|Mława|Opole|Ozorków|Ócie|Pabianice|Sopot|Środa|Zgierz|Źrebce|Żary",
    "pt": "Évora|Ílhavo|Óbidos|Odivelas",
    "ro": "Azuga|Ăcris|Âmnaș|Brad|Iza|Înt|Jibou|Suceava|Șimleu|Tulcea|Țăndărei",
    "ru": "Ейск|Елец|Ёлкино|Ельня|Жуков|Kursk",
    "sk": "Dudince|Dvory|Hurbanovo|Chlmec|Ilava|Orava|Ôsmy|Poprad|Snina|Šaľa|Žilina",
    "sl": "Celje|Črnomelj|Ćuk|Domžale|Đurić|Sevnica|Šoštanj|Zreče|Žalec",
    "sq": "Çorovodë|Dukat|Dhërmi|Elbasan|Ëndrra|Gramsh|Gjirokastër|Lushnjë|Llogara|Sarandë|Shkodër|Tropojë|Theth",
    "sr": "Вршац|Ђердап|Јагодина|Љиг|Њ|Ћуприја|Чачак|Џеп|Шабац|Beograd",
    "sv": "Visby|Wien|Über|Ystad|Zinkgruvan|Åmål|Älmhult|Ängelholm|Örebro|Øster",
    "tr": "Cizre|Çorlu|Develi|Gürün|Ğ|Hatay|Iğdır|Isparta|İzmir|Jale|Ordu|Ödemiş|Sivas|Şırnak|Uşak|Ünye|Van",
    "uk": "Гуща|Ґалаґан|Дніпро|Євпаторія|Житомир|Ізмаїл|Їхнє|Йосипівка|Яготин|Kyiv",
}


def in_order(names: list[str], language: str) -> list[str]:
    backwards = names[::-1]  # so that names with one key do not stand as they came
    return sorted(backwards, key=lambda name: collation_key(name, language))


@pytest.mark.parametrize("language", sorted(ORDERS))
def test_names_stand_in_the_order_of_the_language(language: str) -> None:
    names = ORDERS[language].split("|")
    assert in_order(names, language) == names


@pytest.mark.parametrize(
    "names",
    [
        "resume|résumé|Résumé|resumes",
        "San Remo|San-Remo|Sanremo",
        "L'Aquila|L’Aquila|L'Aquilano|L’Aquilano",
        "ss|SS|ß|ẞ|sse",
        "ae|æ|Æ|aes",
        "lz|łz|mz",
        "isz|ız|jz",
    ],
)
def test_letters_go_before_accents_and_accents_before_capitals(names: str) -> None:
    assert in_order(names.split("|"), "it") == names.split("|")


def test_danish_and_maltese_put_capitals_first() -> None:
    for language in ("da", "mt"):
        assert in_order(["a", "A", "b", "B"], language) == ["A", "a", "B", "b"]
    assert in_order(["aa", "Aa", "AA", "å", "Å"], "da") == ["Å", "AA", "Aa", "å", "aa"]


def test_a_tag_is_read_up_to_what_has_an_order() -> None:
    assert in_order(["Cheb", "Cukor"], "cs-CZ") == ["Cukor", "Cheb"]
    assert in_order(["Ljig", "Loznica"], "sr-Latn-RS") == ["Loznica", "Ljig"]
    assert in_order(["Ærø", "Zakarias"], "NB") == ["Zakarias", "Ærø"]


@given(TEXTS, LANGUAGES)
def test_canonically_equivalent_names_are_the_same(text: str, language: str) -> None:
    forms = {collation_key(unicodedata.normalize(form, text), language) for form in ("NFC", "NFD")}
    assert forms == {collation_key(text, language)}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("cs", {"Cheb": "Ch", "CHEB": "Ch", "Čáslav": "Č", "Cvikov": "C", "Écija": "E"}),
        ("da", {"Aalborg": "Å", "Århus": "Å", "Örebro": "Ø", "Üsküdar": "Y", "Ærø": "Æ"}),
        ("hu", {"Dzsungel": "Dzs", "Csepel": "Cs", "Őcsény": "Ö", "Ózd": "O"}),
        ("it", {"Örebro": "O", "Ærø": "A", "Łódź": "L", "Þórshöfn": "Þ", "Ωραία": "Ω", "東京": "東", "ısı": "ı"}),
        ("it", {"7 laghi": "#", "'Ndria": "#", "": "#", "\u0301": "#", "\ue000": "\ue000", "\U000f0000": "#"}),
        ("lt", {"Ylakiai": "I", "Žagarė": "Ž"}),
        ("mt", {"Għarb": "Għ", "Ħamrun": "Ħ"}),
        ("tr", {"İzmir": "İ", "izmir": "İ", "Isparta": "I", "ısı": "I"}),
    ],
)
def test_a_name_is_looked_for_under_the_letter_that_it_is_sorted_by(language: str, names: dict[str, str]) -> None:
    assert {name: initial(name, language) for name in names} == names


@given(st.lists(TEXTS, max_size=30), LANGUAGES)
def test_all_names_of_a_letter_stand_together(names: list[str], language: str) -> None:
    letters = [letter for letter, _ in groupby(initial(name, language) for name in in_order(names, language))]
    assert len(letters) == len(set(letters))
