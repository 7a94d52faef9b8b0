// Keys of page links: for one incident and person only, unforgeable, and void in time.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "core/limits.hpp"
#include "integrations/link.hpp"
#include "support/hostile_texts.hpp"
#include "support/sample_dossier.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

const Secret secret(std::string(32, 's'));

}  // namespace

TEST_CASE("a key gives back its person and episode, and fits one incident and secret only") {
    for (std::string person : support::hostile_texts()) {
        if (person.size() > core::limits::name_bytes_max) person.resize(200);
        const LinkHolder holder{.episode = 3, .person = person};
        const std::string key = link_key(secret, 7, holder);
        CAPTURE(key);
        CHECK(key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789-_.") == std::string::npos);
        CHECK(read_link_key(secret, 7, key) == holder);
        CHECK_FALSE(read_link_key(secret, 8, key));
        CHECK_FALSE(read_link_key(Secret(std::string(32, 't')), 7, key));
        CHECK_FALSE(read_link_key(Secret(), 7, key));
    }
}

TEST_CASE("a key with any one character changed, added or missing is refused") {
    const std::string key = link_key(secret, 7, {.episode = 1, .person = "engineer-a"});
    for (std::size_t i = 0; i < key.size(); ++i) {
        for (const char c : {'A', 'b', '0', '.', '-', '=', '+', '%'}) {
            std::string changed = key;
            if (changed[i] == c) continue;
            changed[i] = c;
            CHECK_FALSE(read_link_key(secret, 7, changed));
            changed.insert(i, 1, c);
            CHECK_FALSE(read_link_key(secret, 7, changed));
        }
        std::string shorter = key;
        CHECK_FALSE(read_link_key(secret, 7, shorter.erase(i, 1)));
        CHECK_FALSE(read_link_key(secret, 7, key.substr(0, i)));
    }
    for (const char* nonsense : {"", ".", "..", "a.b.c", ".1.", "....."}) {
        CHECK_FALSE(read_link_key(secret, 7, nonsense));
    }
    CHECK_FALSE(read_link_key(secret, 7, std::string(100'000, 'A')));
}

TEST_CASE("no two claims give the same code") {
    std::set<std::string> codes;
    for (const std::uint64_t incident : {1, 11, 7}) {
        for (const std::uint64_t episode : {1, 11, 2}) {
            for (const char* person : {"", "1", "a", "a\n1"}) {
                const auto key = link_key(secret, incident, {.episode = episode, .person = person});
                codes.insert(key.substr(key.rfind('.')));
            }
        }
    }
    CHECK(codes.size() == 36);
}

TEST_CASE("a link works while its episode is open and for 24 hours after it ended") {
    using support::at;
    using support::entry;
    core::Incident incident = support::sample_incident();
    incident.episode = 3;
    std::vector<core::TimelineEntry> timeline = {
        entry("01:00:00", "tocsin", "declared", ""), entry("02:00:00", "a", "closed", ""),
        entry("03:00:00", "tocsin", "reopened", ""), entry("04:00:00", "a", "declined", ""),
        entry("05:00:00", "a", "note", ""),          entry("06:00:00", "tocsin", "reopened", ""),
    };
    struct Row {
        const char* sentence;
        std::uint64_t episode;
        Instant now;
        bool is_void;
    };
    const std::vector<Row> rows = {
        {"the one that is open", 3, at("06:00:00") + hours(24 * 30), false},
        {"one to come", 4, at("06:00:00"), true},
        {"none", 0, at("06:00:00"), true},
        {"the second, just before", 2, at("04:00:00") + hours(24) - Duration(1), false},
        {"the second, a day later", 2, at("04:00:00") + hours(24), true},
        {"the first, while the second lasts", 1, at("03:30:00"), false},
        {"the first, a day later", 1, at("02:00:00") + hours(24), true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        CHECK(link_is_void(incident, timeline, row.episode, row.now) == row.is_void);
    }
    incident.state = core::IncidentState::closed;
    incident.closed_at = at("07:00:00");
    CHECK_FALSE(link_is_void(incident, timeline, 3, at("07:00:00") + hours(24) - Duration(1)));
    CHECK(link_is_void(incident, timeline, 3, at("07:00:00") + hours(24)));
    timeline.erase(timeline.begin(), timeline.begin() + 3);  // nobody knows any more
    CHECK(link_is_void(incident, timeline, 1, at("03:30:00")));
}

TEST_CASE("only the link that goes out carries a key, and only if there is one to carry") {
    core::Effect effect = support::sample_effect();
    effect.link = "https://tocsin.example/incidents/INC-7";
    effect.person = "engineer-a";
    const std::string link = signed_link(secret, effect);
    REQUIRE(link.starts_with(effect.link + "?k="));
    const auto holder = read_link_key(secret, 7, link.substr(effect.link.size() + 3));
    REQUIRE(holder);
    CHECK(holder->person == "engineer-a");
    CHECK(holder->episode == 1);
    CHECK(signed_link(Secret(), effect) == effect.link);
    effect.link.clear();
    CHECK(signed_link(secret, effect).empty());
}
