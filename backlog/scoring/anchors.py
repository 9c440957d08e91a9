"""The written anchors of the default model's criteria: what each answer from 1 to 5 means.

In both languages here rather than in the translation files, because a scoring model's row holds
its own texts, and an organisation rewrites them.
"""

from typing import TypedDict


class Text(TypedDict):
    en: str
    ko: str


Anchors = tuple[Text, Text, Text, Text, Text]

CUSTOMER_PAIN: Anchors = (
    {"en": "Hardly noticed", "ko": "거의 느끼지 못함"},
    {"en": "A nuisance with an easy way round", "ko": "번거롭지만 쉽게 우회할 수 있음"},
    {"en": "Costs time or money regularly", "ko": "시간이나 비용이 반복적으로 듦"},
    {"en": "Blocks an important task", "ko": "중요한 업무가 중단됨"},
    {"en": "Customers leave because of it", "ko": "이 문제로 고객이 이탈함"},
)

REACH: Anchors = (
    {"en": "A single customer", "ko": "고객 한 곳에 국한됨"},
    {"en": "A few customers of one segment", "ko": "한 고객군의 일부"},
    {"en": "Most of one segment", "ko": "한 고객군의 대부분"},
    {"en": "Several segments", "ko": "여러 고객군"},
    {"en": "Nearly every customer", "ko": "거의 모든 고객"},
)

STRATEGIC_FIT: Anchors = (
    {"en": "Against our direction", "ko": "전략 방향과 어긋남"},
    {"en": "Beside our direction", "ko": "전략 방향과 무관함"},
    {"en": "Supports a goal indirectly", "ko": "목표 달성에 간접적으로 기여함"},
    {"en": "Serves one of this year's goals", "ko": "올해 목표 가운데 하나에 직접 기여함"},
    {"en": "A goal depends on it", "ko": "이 요청 없이는 목표를 달성할 수 없음"},
)

EFFORT: Anchors = (
    {"en": "A few days of one person", "ko": "한 사람이 며칠 안에 완료"},
    {"en": "One team, within a sprint", "ko": "한 팀이 한 스프린트 안에 완료"},
    {"en": "One team, several sprints", "ko": "한 팀이 여러 스프린트 동안 수행"},
    {"en": "Several teams, a quarter", "ko": "여러 팀이 한 분기 동안 수행"},
    {"en": "Longer than a quarter", "ko": "한 분기 이상 소요"},
)

TECHNICAL_RISK: Anchors = (
    {"en": "Done many times before", "ko": "여러 번 해 본 일"},
    {"en": "Known technology, small unknowns", "ko": "익숙한 기술이며 불확실성이 작음"},
    {"en": "Some parts have to be tried first", "ko": "일부는 먼저 검증이 필요함"},
    {"en": "Central parts are unproven", "ko": "핵심 부분이 검증되지 않음"},
    {"en": "Nobody knows whether it can be done", "ko": "실현 가능 여부를 알 수 없음"},
)

READINESS: Anchors = (
    {"en": "No department is prepared", "ko": "준비된 부서가 없음"},
    {"en": "A department objects or lacks people", "ko": "반대하거나 인력이 부족한 부서가 있음"},
    {"en": "The departments agree, nothing is planned", "ko": "부서 간 합의는 있으나 계획이 없음"},
    {"en": "Planned, with one thing still missing", "ko": "계획이 있으며 한 가지 준비만 남음"},
    {"en": "Every department can start now", "ko": "모든 부서가 바로 시작할 수 있음"},
)
