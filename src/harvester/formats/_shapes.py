"""What a short text looks like: a title, a venue, names of authors, the label of a link, a date."""

from __future__ import annotations

import re
from functools import lru_cache

_REMEMBERED = 4_096  # short texts whose look is remembered: most are looked at several times while a page is read
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")  # of a word that is written with hyphens, dots or apostrophes
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Words of labels: a link that holds nothing else says what it leads to, not what the paper is called.
_LABELS = frozenset(
    """paper papers pdf arxiv code codes link links url github gitlab git project projects page pages web website site
    homepage home blog post video videos slide slides poster demo model models data dataset datasets hf huggingface
    hugging face openreview doi html abs abstract torch pytorch tensorflow tf keras jax caffe mxnet matlab official
    unofficial implementation implementations impl repo repository source supp supplementary supplement material
    appendix review talk tweet twitter x zhihu bibtex cite note notes reading full text version preprint download
    weights checkpoint checkpoints docs doc documentation colab notebook tutorial news media youtube bilibili wechat
    medium readme acl anthology ieee acm springer nature sciencedirect scholar semantic here tool tools benchmark
    leaderboard space spaces discord reddit linkedin kaggle ps latex v1 v2 v3 extended long short and the of our on see
    star stars badge license image figure fig back top api library package framework toolkit report technical
    title titles name author authors venue alphaxiv ar5iv s2
    论文 代码 链接 解读 主页 项目 官网 中文 博客 视频 论文链接 代码链接 论文地址 代码地址 项目主页 项目链接 开源代码
    官方代码 原文 原文链接 地址 下载 标题 题目 作者""".split()
)
_VENUES = frozenset(
    """arxiv corr iclr icml neurips nips aaai ijcai acl naacl eacl aacl emnlp coling conll tacl lrec cvpr iccv eccv accv
    wacv bmvc interspeech icassp taslp mlsys osdi sosp asplos isca micro hpca usenix atc eurosys nsdi sigcomm hotos ppopp
    vldb pvldb sigmod icde kdd www wsdm sigir cikm recsys tmlr jmlr mlj pami tpami tnnls tip tmm tcsvt ijcv tcad tpds
    dac iccad date isscc fpga fccm fpl isvlsi iscas vlsi cicc isscc mobicom mobisys sensys ubicomp infocom imwut colm
    corl rss icra iros uai aistats colt ecml pkdd icpr icip icdm icdcs ics sc spaa ipdps hpdc socc middleware middle
    ieee acm springer nature access transactions preprint openreview cell pnas neurocomputing jair jacm cacm lncs chi
    cscw icmr mm acmmm aamas gecco aies facct nsr cvprw iccvw eccvw iclrw neuripsw elsevier wiley mdpi sensors
    electronics jssc jetcas hotchips slt asru dagm""".split()
)
# Words that stand beside the name of a venue, and make none by themselves.
_BESIDE = frozenset(
    """findings workshop workshops proceedings conference conf symposium tutorial track industry demo oral spotlight best
    poster main accepted submission submitted report technical tech blog thesis chapter journal trans letters science
    in on of the and at to paper long short datasets benchmarks under review""".split()
)
# What titles are made of and names are not.
_TECHNICAL = frozenset(
    """learning language languages model models neural network networks deep large data attention knowledge transformer
    transformers efficient fast sparse dynamic memory cache token tokens kernel kernels prompt prompts program programs
    agent agents search speech vision text image images video graph graphs llm llms gpu gpus hardware system systems
    survey benchmark framework method methods approach analysis not toward towards low high rank bit bits scale weight
    weights layer layers expert experts loss training inference policy code survey theory theoretical design simple
    automatic joint beyond why how what when is are can do does from for with without via using unified""".split()
)
_TECHNICAL_ENDS = tuple(
    "tion tions sion ment ments ness ity ities ism ized ised able ible ical ally wise ology istic ing".split()
)
_TECHNICAL_END = re.compile(rf"\w{{3,}}(?:{'|'.join(_TECHNICAL_ENDS[:-1])})|\w{{4,}}ing")
_YEAR = re.compile(r"(?:19|20)\d\d")
_VENUE_NUMBER = re.compile(r"'?\d{2}|(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)?")
_DIGIT = re.compile(r"\d")
_SHORT_YEAR = re.compile(r"\d{2}|(?:19|20)\d\d")
_ACRONYM = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Za-z&+-]*(?:['’-]?\d{2,4})?")
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
# With a year, with the name of a month, or a month and a day: "1.9" and "90.1%" are numbers.
_DATE = re.compile(
    r"[\s(\[【「*_`~.]*(?:"
    r"(?:19|20)\d\d\s?[-./年]\s?\d{1,2}(?:\s?[-./月]\s?(?:\d{1,2}日?)?)?|\d{1,2}[-./](?:\d{1,2}[-./])?(?:19|20)\d\d"
    r"|\d{1,2}[-./]\d{1,2}[-./]\d\d|(?:0?[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])|(?:19|20)\d\d年?"
    rf"|(?:\d{{1,2}}\s+)?(?:{_MONTHS})\b\.?,?(?:[-\s]+\d{{1,2}}(?:st|nd|rd|th)?\b,?)?(?:[-\s]+(?:19|20)\d\d)?"
    rf"|(?:19|20)\d\d[-\s]+(?:{_MONTHS})\b\.?(?:\s+\d{{1,2}})?"
    r")[\s)\]】」*_`~.,:：-]*",
    re.IGNORECASE,
)
_BEGINS_DATE = re.compile(r"[\s(\[【「*_`~.]*(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_INITIAL = re.compile(r"\b[AI]\.")  # of a name, which would be a word otherwise: "Noah A. Smith"
_NAME = re.compile(
    r"(?:[A-Z]|[^\W\d_a-z])[^\s,;]*(?:\s+(?:(?:[A-Z]|[^\W\d_a-z])[^\s,;]*|de|da|di|del|van|von|der|den|la|le|bin|al|el)){0,4}\W*$"
)
_ONE_NAME = re.compile(
    r"[A-Z\u00c0-\u017f][\w'’-]+(?:\s+(?:[A-Z\u00c0-\u017f][\w'’-]*\.?|de|da|del|van|von|der|den|la|al|bin)){1,3}"
)
_NO_NAMES = frozenset(
    """university institute lab labs research google microsoft meta ai openai deepmind team group award available coming
    soon new must read recommended highlight highlights important notable outstanding honorable mention runner up best
    runtime open big key idea ideas first last second third one two all some more other others this that""".split()
)
_TAG = re.compile(
    r"\[([^\[\]]{2,40}[\s'’,/-](?:\d\d|(?:19|20)\d\d))\]|\(([^()]{2,40}[\s'’,/-](?:\d\d|(?:19|20)\d\d))\)"
)
_NAMES_SPLIT = re.compile(r"[,;，、]|\s+and\s+|\s*&\s*")
_ET_AL = re.compile(r"\bet\.?\s?al\b", re.IGNORECASE)
_STOP = frozenset("a an the of for in on with via by to from is are at as under using towards toward through".split())


def words(text: str) -> list[str]:
    """Returns the words of a text; a hyphenated one is one word."""
    return _WORD.findall(text)


def weight(text: str) -> int:
    """How much a text looks like a title: 0 not at all, 1 it may be a short one, 2 it does."""
    return _weight(text) if len(text) <= 400 else 0


@lru_cache(_REMEMBERED)
def _weight(text: str) -> int:
    found = words(text)
    if not found or not any(map(str.isalpha, text)):
        return 0
    if is_label(text) or is_venue(text) or is_date(text) or "://" in text:
        return 0
    cjk = 0 if text.isascii() else len(_CJK.findall(text))
    return 2 if len(found) >= 3 or cjk >= 5 or (len(found) == 2 and len(text) >= 14) else 1


def is_label(text: str) -> bool:
    """Tells whether a text only says what a link leads to: "Paper", "Official code"."""
    first = _WORD.search(text)  # which mostly tells
    return first is None or (_is_of_label(first[0]) and all(map(_is_of_label, words(text))))


def _is_of_label(word: str) -> bool:
    return word.casefold() in _LABELS or word.isdigit()


def is_date(text: str) -> bool:
    """Tells whether a text is a date or a year."""
    return len(text) <= 40 and bool(_BEGINS_DATE.match(text) and _DATE.fullmatch(text))


def is_venue(text: str) -> bool:
    """Tells whether a text names where something appeared: "ICLR 2024", "NeurIPS'23 Workshop", "CoRR"."""
    return len(text) <= 80 and _is_venue(text)


@lru_cache(_REMEMBERED)
def _is_venue(text: str) -> bool:
    parts = _PART.findall(text)
    if not parts or len(words(text)) > 10:
        return False
    known = sum([_is_venue_word(part) for part in parts])
    if not known and not _DIGIT.search(text):
        return False
    beside = sum([part.casefold() in _BESIDE for part in parts])
    numbers = sum([(part[-1] in "thd" or part[-1].isdigit()) and bool(_VENUE_NUMBER.fullmatch(part)) for part in parts])
    if known and known + beside + numbers >= len(parts) - (2 if numbers else 0):
        return True
    if beside and numbers and beside + numbers == len(parts):
        return bool(_YEAR.search(text)) and any(len(part) > 3 and part.isalpha() for part in parts)
    dated = any(_SHORT_YEAR.fullmatch(part) for part in parts[1:])
    return len(parts) <= 3 and dated and bool(_ACRONYM.fullmatch(parts[0]))


def _is_venue_word(part: str) -> bool:
    return part.casefold() in _VENUES or (part[-4:].isdigit() and part[:-4].casefold() in _VENUES)


def is_authors(text: str) -> bool:
    """Tells whether a text is a row of names: "Ada Author, Bo Author and Cy Author", "Author et al."."""
    return len(text) <= 5_000 and _is_authors(text)


@lru_cache(512)
def _is_authors(text: str) -> bool:
    if (found := _ET_AL.search(text)) and len(words(text[found.end() :])) <= 4:
        return len(words(text[: found.start()])) <= 4 or _names(text[: found.start()])
    return _names(text)


def _names(text: str) -> bool:
    if ": " in text or "?" in text:
        return False
    parts = [part.strip() for part in _NAMES_SPLIT.split(text) if part.strip(" .*†‡§")]
    if len(parts) < 2 or sum([" " in part or "." in part for part in parts]) < 0.5 * len(parts):
        return False
    found = [word.casefold() for word in words(_INITIAL.sub(" ", text))]
    if sum([word in _STOP for word in found]) > len(parts) // 8:
        return False
    if sum([bool(_NAME.match(part)) for part in parts]) < 0.8 * len(parts):
        return False
    technical = sum(map(_is_technical, found))
    surely = all(_ONE_NAME.fullmatch(part.strip(" .*†‡§")) for part in parts)  # "Max Welling" is no "-ing" of a title
    return technical <= max(0.2 * len(parts), int(surely))


def _is_technical(word: str) -> bool:
    return word in _TECHNICAL or (word.endswith(_TECHNICAL_ENDS) and bool(_TECHNICAL_END.fullmatch(word)))


def is_tag(text: str) -> bool:
    """Tells whether a short text in brackets names venue and year, known or not: "[Science Robotics'22]"."""
    found = _TAG.fullmatch(text.strip(" *_`"))
    return found is not None and len(words(found[1] or found[2])) <= 5


def is_name(text: str) -> bool:
    """Tells whether a text could be the name of one person: "Petar Veličković", "Tri D. Nguyen"."""
    return len(text) <= 40 and bool(_ONE_NAME.fullmatch(text)) and not any(map(_is_no_name, words(text)))


def _is_no_name(word: str) -> bool:
    folded = word.casefold()
    return folded in _LABELS or folded in _BESIDE or folded in _NO_NAMES or _is_technical(folded)


def says_venue(text: str) -> bool:
    """Tells whether a text speaks of venue or year, names in front of it included."""
    return bool(_YEAR.search(text)) or any(_is_venue_word(word) for word in words(text)[:40])
