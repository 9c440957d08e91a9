import random

from council.demo import texts
from council.demo.speakers import Speakers
from council.demo.world import Person

HANEUL = Person("하늘", "ko", "shopper", "haneul@example.com", "")
REVIEWER = Person("두부한모", "ko", "reviewer", "", "")
SELLER = Person("보민", "ko", "seller", "bomin@farm.example.com", "햇살농원")
ERIK = Person("Erik Dahl", "en", "seller", "erik@north.example.com", "Northlight")


def utterance(words: str) -> texts.Utterance:
    return texts.utterance(words, year=2026)


def speakers() -> Speakers:
    return Speakers([HANEUL, REVIEWER, SELLER, ERIK], random.Random(1))


class TestChoose:
    def test_lets_shoppers_speak_of_payments_and_sellers_of_the_shop(self) -> None:
        assert speakers().choose(utterance("ko|느려요"), "PAY") in (HANEUL, REVIEWER)
        assert speakers().choose(utterance("ko|느려요"), "SHOP") == SELLER
        assert speakers().choose(utterance("ko shopper|느려요"), "SHOP") in (HANEUL, REVIEWER)

    def test_lets_everybody_have_a_turn(self) -> None:
        chosen = speakers()
        turns = [chosen.choose(utterance("ko|느려요"), "PAY") for _ in range(4)]
        assert turns[0] != turns[1]
        assert turns[:2] == turns[2:]

    def test_lets_nobody_speak_twice_or_in_the_place_of_one_who_is_named(self) -> None:
        slow = utterance("ko|느려요")
        assert speakers().choose(slow, "PAY", heard=[HANEUL]) == REVIEWER
        assert speakers().choose(slow, "PAY", named={"하늘"}) == REVIEWER

    def test_lets_the_last_of_the_language_speak_again(self) -> None:
        again = utterance("ko again|아직도 느려요")
        assert speakers().choose(again, "SHOP", heard=[SELLER, ERIK]) == SELLER

    def test_takes_the_one_who_is_named(self) -> None:
        assert speakers().choose(utterance("en @Erik_Dahl|Slow."), "PAY") == ERIK

    def test_finds_no_customer_behind_ideas_and_strangers(self) -> None:
        assert speakers().choose(utterance("ko idea|빠르게 합시다"), "PAY") is None
        assert speakers().choose(utterance("ko nobody|ㅇㅇ"), "") is None
