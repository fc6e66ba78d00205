"""The terms of SHACL (Recommendation of 20 July 2017) and SHACL Advanced Features (Note of 8 June 2017)."""

from __future__ import annotations

from missiongraph.vocab import SH

_CORE = """
    Shape NodeShape PropertyShape PropertyGroup NodeKind BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRI IRIOrLiteral
    Literal Severity Info Violation Warning AbstractResult ValidationReport ValidationResult Parameter Parameterizable
    ConstraintComponent Validator ResultAnnotation PrefixDeclaration SPARQLExecutable SPARQLAskExecutable
    SPARQLAskValidator SPARQLConstraint SPARQLConstructExecutable SPARQLSelectExecutable SPARQLSelectValidator
    SPARQLUpdateExecutable
    alternativePath and annotationProperty annotationValue annotationVarName ask class closed conforms construct
    datatype deactivated declare defaultValue description detail disjoint entailment equals flags focusNode group
    hasValue ignoredProperties in inversePath labelTemplate languageIn lessThan lessThanOrEquals maxCount maxExclusive
    maxInclusive maxLength message minCount minExclusive minInclusive minLength name namespace node nodeKind
    nodeValidator not oneOrMorePath optional or order parameter path pattern prefix prefixes property propertyValidator
    qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint result resultAnnotation
    resultMessage resultPath resultSeverity select severity shapesGraph shapesGraphWellFormed sourceConstraint
    sourceConstraintComponent sourceShape sparql suggestedShapesGraph targetClass targetNode targetObjectsOf
    targetSubjectsOf uniqueLang update validator value xone zeroOrMorePath zeroOrOnePath
"""
_COMPONENTS = """
    And Class Closed Datatype Disjoint Equals Expression HasValue In JS LanguageIn LessThan LessThanOrEquals MaxCount
    MaxExclusive MaxInclusive MaxLength MinCount MinExclusive MinInclusive MinLength Node NodeKind Not Or Pattern
    Property QualifiedMaxCount QualifiedMinCount SPARQL UniqueLang Xone
"""
_ADVANCED = """
    Function Rule SPARQLFunction SPARQLRule SPARQLTarget SPARQLTargetType Target TargetType TripleRule JSConstraint
    JSExecutable JSFunction JSLibrary JSRule JSTarget JSTargetType JSValidator
    condition expression filterShape intersection js jsFunctionName jsLibrary jsLibraryURL nodes object predicate
    returnType rule subject target this union values count distinct groupConcat limit max min offset orderBy sum if
    then else exists desc separator
"""

#: IRIs of all terms.
TERMS = frozenset(
    SH[name].value
    for name in (
        *_CORE.split(),
        *_ADVANCED.split(),
        *(f"{name}ConstraintComponent" for name in _COMPONENTS.split()),
    )
)

#: Features that are not run, by their property or class, with the reason in English and Italian.
NOT_RUN = {
    SH.rule: ("rules, which would add statements", "le regole, che aggiungerebbero affermazioni"),
    SH.expression: ("constraints by node expressions", "i vincoli con espressioni"),
    SH["values"]: ("values derived by node expressions", "i valori derivati da espressioni"),
    SH.target: ("targets by query, which find no node", "i bersagli con una query, che non trovano alcun nodo"),
    SH.js: ("constraints in JavaScript", "i vincoli in JavaScript"),
    SH.SPARQLFunction: ("functions of shapes", "le funzioni delle forme"),
    SH.JSFunction: ("functions in JavaScript", "le funzioni in JavaScript"),
}  # fmt: skip
