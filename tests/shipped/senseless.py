"""Changes of the shipped data that are good syntax and make no sense in the world.

Each is a SPARQL update of the stated data, with what must speak against it: a rule, a shape or a check, and of what.
"""

from __future__ import annotations

from typing import NamedTuple

PREFIXES = """
BASE <https://w3id.org/missiongraph/>
PREFIX country: <http://publications.europa.eu/resource/authority/country/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX mg: <https://w3id.org/missiongraph/ontology#>
PREFIX nuts: <http://data.europa.eu/nuts/code/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


class Change(NamedTuple):
    """A change with what must be said of it.

    :ivar by: the name of the rule, shape or check
    :ivar focus: what the result is of, as a path under the base or an IRI
    """

    what: str
    update: str
    by: str
    focus: str


def _instead(subject: str, path: str, value: str, old: str = "?old") -> str:
    """*value* wherever a graph gives *old*, or any value, of *path*."""
    return (
        f"DELETE {{ GRAPH ?g {{ {subject} {path} {old} }} }} INSERT {{ GRAPH ?g {{ {subject} {path} {value} }} }} "
        f"WHERE {{ GRAPH ?g {{ {subject} {path} {old} }} }}"
    )


def _added(triples: str) -> str:
    return f"INSERT DATA {{ GRAPH <id/graph/mission-places> {{ {triples} }} }}"


def _claimed(name: str, triple: str, words: str, rest: str = "") -> str:
    """A claim of the first round's source, with the words that it is said to rest on."""
    graph = f"<id/evidence/label-round-1/{name}>"
    part = f"<id/evidence/label-round-1/{name}#"
    return f"""INSERT DATA {{
        GRAPH {graph} {{ {triple} }}
        GRAPH <id/graph/mission-graphs> {{
            {graph} a mg:EvidenceGraph, prov:Entity ; rdfs:label "A claim"@en, "Un’affermazione"@it ;
                mg:rank mg:accepted ; mg:basis mg:stated ; prov:wasDerivedFrom {part}passage> ;
                prov:wasGeneratedBy <id/activity/mission-stated> ; dcterms:isPartOf <id/dataset/labels> {rest} .
            {part}passage> a oa:SpecificResource, prov:Entity ; oa:hasSource <id/source/label-round-1> ;
                oa:hasSelector {part}quote> ; prov:wasQuotedFrom <id/source/label-round-1> .
            {part}quote> a oa:TextQuoteSelector ; oa:exact "{words}" .
        }} }}"""


def _moved(place: str, latitude: float, longitude: float) -> str:
    point = f"<id/city/{place}#point>"
    return ";\n".join(
        (
            _instead(point, "schema:latitude", str(latitude)),
            _instead(point, "schema:longitude", str(longitude)),
            _instead(point, "geo:asWKT", f'"POINT({longitude} {latitude})"^^geo:wktLiteral'),
        )
    )


def _date(text: str) -> str:
    return f'"{text}"^^xsd:date'


CHANGES = (
    # Places
    Change(
        "Antwerp lies in Germany",
        _instead("<id/city/antwerp>", "mg:country", "country:DEU"),
        "country-disagrees",
        "id/city/antwerp",
    ),
    Change(
        "the NUTS unit of another country",
        _instead("<id/city/aarhus>", "mg:inNuts3", "nuts:SE110"),
        "country-disagrees",
        "id/city/aarhus",
    ),
    Change(
        "a NUTS unit that does not exist",
        _instead("<id/city/groningen>", "mg:inNuts3", "nuts:NL999"),
        "nuts-unit-without-record",
        "id/city/groningen",
    ),
    Change(
        "the UN/LOCODE of another country",
        _instead("<id/city/bristol>", "mg:unLocode", '"FRBRS"'),
        "country-disagrees",
        "id/city/bristol",
    ),
    Change(
        "the LAU code of another country",
        _instead("<id/city/amsterdam>", "mg:lauCode", '"11002"'),
        "lau-code-of-another-country",
        "id/city/amsterdam",
    ),
    Change(
        "latitude and longitude exchanged",
        _moved("dresden", 13.73832, 51.05089),
        "point-outside-country",
        "id/city/dresden#point",
    ),
    Change(
        "a point in Australia", _moved("turku", -33.86785, 151.20732), "point-outside-country", "id/city/turku#point"
    ),
    Change(
        "a point in another country",
        _moved("munich", 48.20849, 16.37208),
        "point-outside-country",
        "id/city/munich#point",
    ),
    Change("the point at 0, 0", _moved("espoo", 0.0, 0.0), "point-outside-country", "id/city/espoo#point"),
    Change(
        "a point west for east", _moved("lahti", 60.98267, -25.66151), "point-outside-country", "id/city/lahti#point"
    ),
    Change("the point of another city", _moved("leuven", 51.22047, 4.40026), "shared-point", "id/city/leuven#point"),
    Change(
        "text and numbers of a point differ",
        _instead("<id/city/gabrovo#point>", "geo:asWKT", '"POINT(23.32415 42.69751)"^^geo:wktLiteral'),
        "point-disagrees",
        "id/city/gabrovo#point",
    ),
    Change(
        "a description that names another country",
        _instead("<id/city/liberec>", "schema:description", '"City in Poland"@en', '"City in Czechia"@en'),
        "description-names-another-country",
        "id/city/liberec",
    ),
    Change(
        "two cities of one name in one country",
        _instead("<id/city/mannheim>", "schema:name", '"Heidelberg"@en', '"Mannheim"@en'),
        "name-of-another-city",
        "id/city/mannheim",
    ),
    Change(
        "an Italian name that is another city’s",
        _added('<id/city/dortmund> schema:name "Lovanio"@it'),
        "name-of-another-city",
        "id/city/dortmund",
    ),
    Change(
        "a member of the Union that is associated",
        _added("country:BEL mg:countryKind <id/concept/country-associated-with-horizon-europe>"),
        "member-state-is-associated",
        "http://publications.europa.eu/resource/authority/country/BEL",
    ),
    Change(
        "a region of Italy in France",
        _instead("<id/region/veneto>", "schema:containedInPlace", "country:FRA"),
        "country-disagrees",
        "id/city/padua",
    ),
    Change(
        "a city in another region than its NUTS unit",
        _instead("<id/city/turin>", "schema:containedInPlace", "<id/region/lazio>"),
        "italian-codes-disagree",
        "id/city/turin",
    ),
    Change(
        "an ISTAT code of the wrong length",
        _instead("<id/city/parma>", "mg:istatCode", '"34027"'),
        "istat-code",
        "id/city/parma",
    ),
    Change(
        "an ISTAT code of another province",
        _instead("<id/city/bergamo>", "mg:istatCode", '"017024"')
        + ";"
        + _instead("<id/city/bergamo>", "mg:lauCode", '"017024"'),
        "italian-codes-disagree",
        "id/city/bergamo",
    ),
    Change(
        "a province code that is another’s",
        _instead("<id/city/bologna>", "mg:provinceCode", '"BZ"'),
        "italian-codes-disagree",
        "id/city/bologna",
    ),
    Change(
        "a municipality that administers another city",
        _instead("<id/municipality/rome>", "mg:administers", "<id/city/milan>"),
        "administered-by",
        "id/city/milan",
    ),
    Change(
        "a Wikidata item of a person",
        _instead("<id/city/ioannina>", "schema:sameAs", "wd:Q42"),
        "unknown-item",
        "id/city/ioannina",
    ),
    Change(
        "the Wikidata item of another city",
        _instead("<id/city/kozani>", "schema:sameAs", "wd:Q12892"),
        "shared-entry",
        "id/city/kozani",
    ),
    Change(
        "a population of nobody",
        _added("<id/city/trikala> schema:population 0"),
        "number-of-nothing",
        "id/city/trikala",
    ),
    Change(
        "a part that is the whole",
        _added("<id/city/eindhoven-helmond> dcterms:hasPart <id/city/eindhoven-helmond>"),
        "part-of-itself",
        "id/city/eindhoven-helmond",
    ),
    Change(
        "parts in another country",
        _added("<id/city/eindhoven-helmond> dcterms:hasPart <id/city/kalamata>"),
        "part-in-another-country",
        "id/city/kalamata",
    ),
    Change(
        "one municipality that counts as a region",
        _instead("<id/city/zagreb>", "mg:entryKind", "<id/concept/region>"),
        "kind-disagrees",
        "id/city/zagreb",
    ),
    # Dates
    Change(
        "a round of the label in 2019",
        _instead("<id/selection/label-round-5>", "mg:announcedOn", _date("2019-10-15")),
        "date-out-of-time",
        "id/selection/label-round-5",
    ),
    Change(
        "labels handed over in 2099",
        _instead("<id/selection/label-round-3>", "mg:handedOverOn", _date("2099-10-22")),
        "date-out-of-time",
        "id/selection/label-round-3",
    ),
    Change(
        "a memorandum of 2019",
        _instead("<id/document/memorandum-2022-09-09>", "mg:signedOn", _date("2019-09-09")),
        "date-out-of-time",
        "id/document/memorandum-2022-09-09",
    ),
    Change(
        "a source that will appear in 2099",
        _instead("<id/source/label-round-3>", "dcterms:issued", _date("2099-10-22")),
        "date-out-of-time",
        "id/source/label-round-3",
    ),
    Change(
        "a source that appeared before the mission",
        _instead("<id/source/label-round-2>", "dcterms:issued", _date("2019-03-25")),
        "date-out-of-time",
        "id/source/label-round-2",
    ),
    Change(
        "a target for the past",
        _instead("<id/target/mission-2030>", "mg:deadline", '"2019"^^xsd:gYear')
        + ";"
        + _instead("<id/target/mission-2030>", "mg:deadlineYear", "2019"),
        "date-out-of-time",
        "id/target/mission-2030",
    ),
    Change(
        "a project that ends before it starts",
        _instead("<id/project/sga-nzc>", "mg:endsOn", _date("2023-05-31")),
        "ends-before-it-starts",
        "id/project/sga-nzc",
    ),
    Change(
        "labels handed over before they were announced",
        _instead("<id/selection/label-round-3>", "mg:handedOverOn", _date("2024-09-22")),
        "ends-before-it-starts",
        "id/selection/label-round-3",
    ),
    Change(
        "a memorandum that ends before it is signed",
        _instead("<id/document/memorandum-2022-09-09>", "mg:endsOn", _date("2022-01-31")),
        "ends-before-it-starts",
        "id/document/memorandum-2022-09-09",
    ),
    Change(
        "a label before the selection of the cities",
        _instead("<id/selection/label-round-1>", "mg:announcedOn", _date("2022-03-12")),
        "before-the-mission-cities",
        "id/selection/label-round-1",
    ),
    Change(
        "a cohort before the selection of the cities",
        _instead("<id/selection/pilot-cohort-2>", "mg:announcedOn", _date("2022-01-23")),
        "before-the-mission-cities",
        "id/selection/pilot-cohort-2",
    ),
    Change(
        "a source that tells of a later day as past",
        _instead("<id/selection/label-round-1>", "mg:announcedOn", _date("2023-12-12")),
        "told-before-it-happened",
        "id/selection/label-round-1",
    ),
    Change(
        "a duration of nothing",
        _instead("<id/programme/pilot-cities>", "mg:duration", '"P0D"^^xsd:duration'),
        "duration-of-an-undertaking",
        "id/programme/pilot-cities",
    ),
    Change(
        "a duration of two centuries",
        _instead("<id/programme/enabling-city-transformation>", "mg:duration", '"P200Y"^^xsd:duration'),
        "duration-of-an-undertaking",
        "id/programme/enabling-city-transformation",
    ),
    # Selections and labels
    Change(
        "a label for a country",
        _added("<id/selection/label-round-2> mg:selected country:FRA"),
        "selected-is-no-city",
        "id/selection/label-round-2",
    ),
    Change(
        "a label for a person",
        _added("<id/selection/label-round-5> mg:selected <id/person/somebody> . <id/person/somebody> a foaf:Person"),
        "selected-is-no-city",
        "id/selection/label-round-5",
    ),
    Change(
        "a label for a project",
        _added("<id/selection/label-round-6> mg:selected <id/project/lets-gov>"),
        "selected-is-no-city",
        "id/selection/label-round-6",
    ),
    Change(
        "one label twice in a round",
        _claimed("mannheim-again", "<id/selection/label-round-1> mg:selected <id/city/mannheim>", "Mannheim"),
        "claim-twice",
        "id/selection/label-round-1",
    ),
    Change(
        "the label in two rounds",
        _claimed("stockholm", "<id/selection/label-round-6> mg:selected <id/city/stockholm>", "Stockholm"),
        "label-twice",
        "id/city/stockholm",
    ),
    Change(
        "a label for a city outside the mission",
        _claimed("uppsala", "<id/selection/label-round-1> mg:selected <id/city/uppsala>", "Uppsala"),
        "label-beyond-mission",
        "id/city/uppsala",
    ),
    Change(
        "a pilot city outside the mission without remark",
        "DELETE { GRAPH ?x { ?g skos:editorialNote ?note } } WHERE { GRAPH ?g { ?cohort ?p <id/city/galway> } "
        "GRAPH ?x { ?g skos:editorialNote ?note } }",
        "cohort-beyond-mission",
        "id/city/galway",
    ),
    Change(
        "words that name another city",
        'DELETE { GRAPH ?x { ?q oa:exact ?words } } INSERT { GRAPH ?x { ?q oa:exact "Kraków, Poland" } } WHERE { '
        "GRAPH ?g { <id/selection/mission-cities> mg:selected <id/city/porto> } "
        "GRAPH ?x { ?g prov:wasDerivedFrom/oa:hasSelector ?q } GRAPH ?x { ?q oa:exact ?words } }",
        "words-name-another-city",
        "id/selection/mission-cities",
    ),
    Change(
        "a claim on another city than its words name",
        _instead("<id/selection/pilot-cohort-1>", "mg:selected", "<id/city/kranj>", "<id/city/munster>"),
        "words-name-another-city",
        "id/selection/pilot-cohort-1",
    ),
    Change(
        "a partner that the words do not name",
        _instead("<id/project/lets-gov>", "mg:partner", "<id/municipality/bergamo>", "<id/municipality/milan>"),
        "words-name-another-city",
        "id/project/lets-gov",
    ),
    Change(
        "a name that the words do not say",
        'DELETE { GRAPH ?x { ?q oa:exact ?words } } INSERT { GRAPH ?x { ?q oa:exact "Turin" } } WHERE { '
        "GRAPH ?g { <id/city/parma> schema:name ?name } GRAPH ?x { ?g prov:wasDerivedFrom/oa:hasSelector ?q } "
        "GRAPH ?x { ?q oa:exact ?words } }",
        "words-name-another-city",
        "id/city/parma",
    ),
    Change(
        "a number that its words do not say",
        _instead("<id/count/pilot-cohort-2-activities>", "mg:number", "21"),
        "words-say-another-number",
        "id/count/pilot-cohort-2-activities",
    ),
    Change(
        "a year that its words do not say",
        _instead("<id/project/sga-nzc>", "mg:startsOn", _date("2022-06-01")),
        "words-say-another-number",
        "id/project/sga-nzc",
    ),
    Change(
        "as many countries as there are none",
        _instead("<id/count/pilot-cohort-2-countries>", "mg:number", "160"),
        "more-than-there-are",
        "id/count/pilot-cohort-2-countries",
    ),
    Change(
        "more selected than applied",
        _instead("<id/count/call-cities>", "mg:number", "15"),
        "more-selected-than-applied",
        "id/selection/pilot-cohort-1",
    ),
    Change(
        "parts that do not make the whole",
        _instead("<id/count/mission-cities-associated>", "mg:number", "21"),
        "parts-and-whole",
        "id/count/mission-cities",
    ),
    Change(
        "a count of nobody", _instead("<id/count/label-round-6>", "mg:number", "0"), "number", "id/count/label-round-6"
    ),
    Change(
        "a city that selects",
        _instead("<id/selection/mission-cities>", "mg:selectedBy", "<id/municipality/prato>"),
        "selected-by-a-candidate",
        "id/selection/mission-cities",
    ),
    # Undertakings, agreements
    Change(
        "a lead partner that takes no part",
        _instead("<id/project/lets-gov>", "mg:leadPartner", "<id/organisation/istat>"),
        "lead-partner-takes-part",
        "id/project/lets-gov",
    ),
    Change(
        "a country that signs",
        _instead("<id/document/memorandum-2022-09-09>", "mg:signatory", "country:ITA", "<id/organisation/mims>"),
        "signatory",
        "id/document/memorandum-2022-09-09",
    ),
    Change(
        "a programme that precedes itself",
        _instead("<id/programme/horizon-2020>", "mg:precedes", "<id/programme/horizon-2020>"),
        "part-of-itself",
        "id/programme/horizon-2020",
    ),
    Change(
        "one number of two projects",
        _added('<id/project/lets-gov> dcterms:identifier "101121530"'),
        "shared-number",
        "id/project/sga-nzc",
    ),
    # Money
    Change(
        "a currency that is none",
        _instead("<id/grant/pilot-cohort-2#amount>", "schema:currency", '"XXQ"'),
        "currency",
        "id/grant/pilot-cohort-2#amount",
    ),
    Change(
        "an amount of 0",
        _instead("<id/grant/pilot-cohort-3#amount>", "schema:value", "0.0"),
        "value",
        "id/grant/pilot-cohort-3#amount",
    ),
    Change(
        "a negative amount",
        _instead("<id/grant/mase-nine-cities#amount>", "schema:value", "-11800000.0"),
        "value",
        "id/grant/mase-nine-cities#amount",
    ),
    Change(
        "more than the whole framework programme",
        _instead("<id/grant/sga-nzc#amount>", "schema:value", "87239477450000.0"),
        "more-than-the-programme",
        "id/grant/sga-nzc#amount",
    ),
    Change(
        "an amount that its words do not say",
        _instead("<id/grant/enabling-city-transformation#amount>", "schema:value", "26200000.0"),
        "words-say-another-number",
        "id/grant/enabling-city-transformation#amount",
    ),
    Change(
        "a share above its total",
        _added("<id/grant/pilot-cities> dcterms:isPartOf <id/grant/mase-nine-cities>"),
        "shares-above-total",
        "id/grant/mase-nine-cities",
    ),
    Change(
        "money of a programme that had not begun",
        _instead("<id/project/sga-nzc>", "mg:startsOn", _date("2020-06-01")),
        "date-out-of-time",
        "id/project/sga-nzc",
    ),
    # Languages, links
    Change(
        "a language that is none",
        _added('<id/city/cork> schema:name "Corcaigh"@xx'),
        "unknown-language",
        "id/city/cork",
    ),
    Change(
        "a name in a language of elsewhere",
        _instead("<id/city/gavle>", "schema:name", '"Gävle"@mt', '"Gävle"@sv'),
        "language-of-elsewhere",
        "id/city/gavle",
    ),
    Change(
        "a website without the web",
        _instead("<id/source/label-round-2>", "schema:url", "<ftp://netzerocities.eu/news>"),
        "website-is-http",
        "id/source/label-round-2",
    ),
    Change(
        "a website that is a mailbox",
        _instead("<id/source/label-round-5>", "schema:url", "<mailto:info@netzerocities.eu>"),
        "website-is-http",
        "id/source/label-round-5",
    ),
)
