"""How often languages use their letters, as what it costs in bits to write each of them.

It serves to tell in which encoding a text was written: bytes read in a wrong one become letters
that hardly anybody uses.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# The commonest first, each of these: together they are 95 % of all Hangul written.
_HANGUL: Final = (
    "이다는지고화영하가도아에나기한만보어의리은로라서그게을들니인요스없시미재무데대면정있해네마사점자내말거음진를전수"
    "연주으감장안우작오너까드었상좋여간야적부했제짜개더것생성소같건런중봤비일모과구았용평분최신본루러동않토치되실와배"
    "할려던공유세레히저운때터습래각함랑반못국남듯편느밌악독잘조볼난르원별겠애디람냥알쓰왜임심명타걸바버좀노막든입력뭐"
    "당물금싶냐준역망코위예년렇션긴출많처단선문봐끝였름포추트웃체관속살결발줄억극현프설매후경두질액깝피번식잼차계린절"
    "된참완품울불돈답길직워허메교초엔합릴군박님크른방럽죽슨족증판넘괜즈행집날김글머청따친눈호강낌회형란움잔급먹몰목키"
    "찮얼파캐닌빠뭔천맞근달온돌특색민순또뻔약테티겨잡등학슬올표엄며받맨존록류외양필졸언왔카새혀힘론씬담누끼욕멋투흥통"
    "산높복술림쳐격황갈녀브떨렸웠종케딩씨져솔충탄쉬럼릭귀범찍엉슴봉접뿐굿혼태몇싸클능놓밋병룡쉽홍죠놀쁘열딱패삼희링잠"
    "밖늘꼭립킬졌싫엇송왕퍼채짱딴환써손광맛껴쾌찾훈향석큼픈블객믿께베즘빨법될떻빼업변짝뒤놈떠굴책죄닥럭휴즐꺼짓섭났락"
    "팅찬갑괴창랜승꾸탈권"
)
_SIMPLIFIED: Final = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
    "家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把"
    "机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果"
    "加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔"
    "更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展"
    "马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共"
    "确传师观清今切院让识候带导争运用户付款支付卡号麻烦输入每希导出表格文件崩溃闪退更新功能客服谢请能否价钱快慢差"
)
_TRADITIONAL: Final = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然"
    "家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把"
    "機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果"
    "加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾"
    "更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展"
    "馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共"
    "確傳師觀清今切院讓識候帶導爭運戶付款支卡號麻煩輸每希匯表檔案當機閃退謝請否價錢快慢差"
)
# Beside these, more than half of what is written in Japanese is kana.
_KANJI: Final = (
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半"
    "男西電校語土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題"
    "意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終台広住無真有口少町料工建"
    "空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜音注帰古歌買悪図週室歩風紙黒花春赤青館屋色走秋"
    "夏習駅洋旅服夕借曜飲肉貸堂鳥飯勉冬昼茶弟牛魚兄犬妹姉漢済決落面設定更便利改善要望画機能登録番号支払対応遅表示"
)
_KANA: Final = (
    "いのんしとたにかるてはすなでっーがれくもとりンをらスうさトイあアルリまラきドレテクこマプけバカせおッシタムブデ"
    "コジチグフえちどサロよメパキつョニナそだモわばオポじみゃょツめエケボウろソハャネべヤズピミひピワゲヒセホゴガ"
    "ュザびごゅずほビュヘェベギむふぐユげぎダノポヨゾペぶィやゆォゲァへぞぬづぱぽぴぺヌぜぁぃぅぇぉぢヂヅぷヴヲゼ"
)
_JAMO: Final = "ㅋㅠㅎㅜㅡㄱㄷㅇㄴㅅㅂㅈㅊㅍㅌㄲㄸㅃㅆㅉㄹㅁㅏㅗㅣㅓ"

STRANGE: Final = 20.0
"""The bits of a letter that the language does not have."""


@dataclass(frozen=True, slots=True)
class Language:
    """The bits of each letter, small ones only; `is_latin` if they stand among those of ASCII."""

    bits: dict[str, float]
    is_latin: bool = False
    strange: float = STRANGE


def _ranked(letters: str, share: float) -> dict[str, float]:
    """Bits of letters that together have this share, the commonest first, falling as they do."""
    unique = dict.fromkeys(letters)
    weights = {letter: 1 / (rank + 3) for rank, letter in enumerate(unique)}
    total = sum(weights.values())
    return {letter: -math.log2(share * weight / total) for letter, weight in weights.items()}


def _even(letters: Iterable[str], share: float) -> dict[str, float]:
    unique = set(letters)
    return dict.fromkeys(unique, -math.log2(share / len(unique)))


def _latin(letters: str, share: float) -> Language:
    """Of one of the languages of an encoding, the share of the words that are in it."""
    return Language(_ranked(letters, share), is_latin=True)


def _standard(encoding: str, leads: range) -> frozenset[str]:
    """The characters of these rows of a national standard."""
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    letters = "".join(pair.decode(encoding, "ignore") for pair in pairs)
    return frozenset(it for it in letters if not it.isascii())


KS_X_1001: Final = _standard("euc_kr", range(0xB0, 0xC9))
"""The 2,350 syllables with which nearly all Korean is written."""
HANGUL: Final = frozenset(map(chr, range(0xAC00, 0xD7A4)))
JAMO: Final = frozenset(map(chr, range(0x3131, 0x3164)))

KOREAN: Final = Language(
    _even(HANGUL, 0.002)
    | _even(KS_X_1001, 0.04)
    | _even(JAMO, 0.001)
    | _ranked(_JAMO, 0.03)
    | _ranked(_HANGUL, 0.92)
)
SIMPLIFIED: Final = Language(
    _even(_standard("gb2312", range(0xB0, 0xF8)), 0.01)
    | _even(_standard("gb2312", range(0xB0, 0xD8)), 0.24)
    | _ranked(_SIMPLIFIED, 0.75)
)
TRADITIONAL: Final = Language(
    _even(_standard("cp950", range(0xA4, 0xFA)), 0.01)
    | _even(_standard("cp950", range(0xA4, 0xC7)), 0.24)
    | _ranked(_TRADITIONAL, 0.75)
)
JAPANESE: Final = Language(
    _even(_standard("euc_jp", range(0xB0, 0xF5)), 0.005)
    | _even(_standard("euc_jp", range(0xB0, 0xD0)), 0.1)
    | _even(_KANJI, 0.3)
    | _ranked(_KANA, 0.595)
)
RUSSIAN: Final = Language(_ranked("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", 1))
UKRAINIAN: Final = Language(_ranked("оанивтересілкудмпзябьгчйхцюжїщшєґф", 1))
GREEK: Final = Language(_ranked("αοιετσνηυρπκμλςίόάέγήδύωθώχφβξζψϊϋΐΰ", 1))
HEBREW: Final = Language(_ranked("יוהלארתבשמםנדפקחעטגכסצןזךףץ", 1))
ARABIC: Final = Language(_ranked("المينترعبدوهسفكقحجشصخطةأىءضذئغثزظآإؤ", 1))
THAI: Final = Language(_ranked("านรกเอง่้วมทสลีัยิดตปคพบหไะแำ์ชโุึูขจใถผื็ซญณธฐศษฟภฝฎฏฮฆฉฬๆ", 1))
WESTERN: Final = (
    _latin("éèàêçâôîùûëïœ", 0.4),
    _latin("üäöß", 0.25),
    _latin("óíáéñúü", 0.15),
    _latin("ãçáéíóêâôõúà", 0.08),
    _latin("àèìòùé", 0.05),
    _latin("åäöøæéü", 0.06),
    _latin("íáðóéúýþæö", 0.01),
)
CENTRAL: Final = (
    _latin("ęłóążćśńź", 0.4),
    _latin("íáéřěščžýůúťďňóľĺŕôä", 0.25),
    _latin("áéíóöőúüű", 0.15),
    _latin("čšžćđ", 0.1),
    _latin("ăâîşţ", 0.1),
)
ANY: Final = Language({}, strange=13)
"""Nothing is known of it but that two bytes spelled a letter, which by chance one in a dozen do."""
TURKISH: Final = (_latin("ıüşçğöâ", 1),)
