// The codec: what is written comes back, every version, and garbage is an error and nothing else.

#include "shell/codec.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "shell/codec_bytes.hpp"
#include "support/golden_records.hpp"
#include "support/random_records.hpp"
#include "support/shared_data.hpp"

using namespace tocsin;
using namespace tocsin::shell;

namespace {

constexpr int rounds = 400;

template <class Record>
std::string encoded(const Record& record) {
    std::string row;
    codec::encode(record, row);
    return row;
}

std::string encoded(const core::Signal& signal, const core::Symbols& symbols) {
    std::string row;
    codec::encode(signal, symbols, row);
    return row;
}

std::string from_hex_lines(std::string_view text) {
    std::string bytes;
    std::string pair;
    for (const char digit : text) {
        if (digit == '\n') continue;
        pair += digit;
        if (pair.size() < 2) continue;
        bytes += static_cast<char>(std::stoi(pair, nullptr, 16));
        pair.clear();
    }
    return bytes;
}

/// A row as an earlier version wrote it.
std::string golden_row(const std::string& name) {
    return from_hex_lines(support::read_file("tests/golden/codec/" + name + ".v1.hex"));
}

/// How many decoders accept the bytes.
int accepted_by(std::string_view row) {
    core::Symbols symbols;
    return int{codec::decode_signal(row, symbols).has_value()} +
           int{codec::decode_incident(row).has_value()} +
           int{codec::decode_delivery(row).has_value()} +
           int{codec::decode_rule_health(row).has_value()} +
           int{codec::decode_timeline_entry(row).has_value()} +
           int{codec::decode_verdict(row).has_value()} +
           int{codec::decode_counters(row).has_value()};
}

}  // namespace

TEST_CASE("every record comes back from its row as it was") {
    support::RandomRecords random(1);
    core::Symbols symbols;
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        const core::Signal signal = random.signal(symbols);
        const auto signal_back = codec::decode_signal(encoded(signal, symbols), symbols);
        REQUIRE(signal_back);
        CHECK(*signal_back == signal);
        const core::Incident incident = random.incident();
        const core::Delivery delivery = random.delivery();
        const core::RuleHealth health = random.rule_health();
        const core::TimelineEntry entry = random.timeline_entry();
        const core::Verdict verdict = random.verdict();
        CHECK(codec::decode_incident(encoded(incident)).value() == incident);
        CHECK(codec::decode_delivery(encoded(delivery)).value() == delivery);
        CHECK(codec::decode_rule_health(encoded(health)).value() == health);
        CHECK(codec::decode_timeline_entry(encoded(entry)).value() == entry);
        CHECK(codec::decode_verdict(encoded(verdict)).value() == verdict);
        const core::Window window = random.window();
        CHECK(codec::decode_window(encoded(window)).value() == window);
    }
}

TEST_CASE("names inside signals are text in the row, so another process may number them anew") {
    core::Symbols ours;
    const core::Signal signal = support::golden_signal(ours);
    core::Symbols theirs;
    theirs.intern("something");
    theirs.intern("ingestion-lag");
    const auto back = codec::decode_signal(encoded(signal, ours), theirs);
    REQUIRE(back);
    CHECK(theirs.text(back->source) == "am-us");
    CHECK(theirs.text(back->owner_rule) == "lag");
    CHECK(theirs.text(back->tracks.at(0).rule) == "ingestion-lag");
}

TEST_CASE("rows of version 1 are read as they were at its release") {
    core::Symbols symbols;
    const core::Signal signal = support::golden_signal(symbols);
    const std::string signal_row = golden_row("signal");
    CHECK(codec::decode_signal(signal_row, symbols).value() == signal);

    const auto golden = [](const std::string& name, const auto& record, auto decode) {
        CAPTURE(name);
        const std::string row = golden_row(name);
        const auto back = decode(row);
        REQUIRE(back);
        CHECK(*back == record);
    };
    golden("incident", support::golden_incident(), &codec::decode_incident);
    golden("delivery", support::golden_delivery(), &codec::decode_delivery);
    golden("rule_health", support::golden_rule_health(), &codec::decode_rule_health);
    golden("timeline_entry", support::golden_timeline_entry(), &codec::decode_timeline_entry);
    golden("verdict", support::golden_verdict(), &codec::decode_verdict);
    golden("counters", support::golden_counters(), &codec::decode_counters);
}

TEST_CASE("a row that is cut off anywhere, or has a byte too many, is corrupt") {
    core::Symbols symbols;
    const auto every_cut = [](const std::string& row, auto decode) {
        REQUIRE(decode(row));
        for (std::size_t size = 0; size < row.size(); ++size) {
            CAPTURE(size);
            CHECK_FALSE(decode(std::string_view(row).substr(0, size)));
        }
        CHECK_FALSE(decode(row + '\0'));
    };
    every_cut(encoded(support::golden_signal(symbols), symbols),
              [&](std::string_view row) { return codec::decode_signal(row, symbols); });
    every_cut(encoded(support::golden_incident()), &codec::decode_incident);
    every_cut(encoded(support::golden_delivery()), &codec::decode_delivery);
    every_cut(encoded(support::golden_rule_health()), &codec::decode_rule_health);
    every_cut(encoded(support::golden_timeline_entry()), &codec::decode_timeline_entry);
    every_cut(encoded(support::golden_verdict()), &codec::decode_verdict);
    every_cut(encoded(support::golden_counters()), &codec::decode_counters);
    const std::string row = encoded(support::golden_verdict());
    const auto cut = codec::decode_verdict(std::string_view(row).substr(0, 20));
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == "corrupt");
}

TEST_CASE("garbage is never more than an error") {
    support::RandomRecords random(2);
    core::Symbols symbols;
    for (int round = 0; round < 20 * rounds; ++round) {
        std::string row =
            random.maybe() ? encoded(random.signal(symbols), symbols) : encoded(random.delivery());
        for (std::uint64_t flips = 1 + random.below(4); flips > 0; --flips) {
            row[random.below(row.size())] = static_cast<char>(random.below(256));
        }
        // What is accepted after the damage must be a row that we could have written ourselves.
        core::Symbols names;
        if (const auto signal = codec::decode_signal(row, names)) {
            CHECK(codec::decode_signal(encoded(*signal, names), names));
        }
        if (const auto delivery = codec::decode_delivery(row)) {
            CHECK(codec::decode_delivery(encoded(*delivery)));
        }
        std::string noise(random.below(64), '\0');
        for (char& byte : noise) byte = static_cast<char>(random.below(256));
        if (!noise.empty()) noise[0] = static_cast<char>(codec::version);
        CHECK(accepted_by(noise) <= 1);  // no noise reads as two kinds of record
    }
}

TEST_CASE("a count that the row cannot hold reserves no memory") {
    std::string row;
    codec::Writer writer(row, nullptr, codec::version);
    writer(std::uint64_t{1} << 60);
    codec::Reader reader(row, nullptr);
    std::vector<std::uint64_t> list;
    reader(list);
    CHECK(reader.bad());
    CHECK(list.capacity() < 16);
}

TEST_CASE("numbers come back at every length of a varint, and one past 64 bits is refused") {
    for (unsigned bit = 0; bit < 64; ++bit) {
        for (const std::uint64_t number : {(1ULL << bit) - 1, 1ULL << bit, ~0ULL >> bit}) {
            std::string row;
            codec::Writer(row, nullptr, codec::version)(number);
            std::uint64_t back = 0;
            codec::Reader reader(row, nullptr);
            reader(back);
            CHECK(back == number);
            CHECK(reader.at_end());
            CHECK_FALSE(reader.bad());
        }
    }
    const std::string too_long = std::string(9, '\xFF') + '\x02';
    codec::Reader reader(too_long, nullptr);
    std::uint64_t back = 0;
    reader(back);
    CHECK(reader.bad());
}

TEST_CASE("a row of a later version says that a newer tocsin is needed") {
    std::string row = encoded(support::golden_verdict());
    row[0] = static_cast<char>(codec::version + 1);
    const auto verdict = codec::decode_verdict(row);
    REQUIRE_FALSE(verdict);
    CHECK(verdict.error().code == "newer");
    CHECK(verdict.error().message.find("use a newer tocsin") != std::string::npos);
}

TEST_CASE("what lists filter by is read from the head of a row") {
    const std::string verdict = encoded(support::golden_verdict());
    const auto head = codec::decode_verdict_head(verdict);
    REQUIRE(head);
    CHECK(head->outcome == core::Outcome::incident);
    CHECK(head->rule == "ingestion-lag");
    CHECK_FALSE(codec::decode_verdict_head(std::string_view(verdict).substr(0, 5)));
    const auto state = codec::decode_incident_state(encoded(support::golden_incident()));
    REQUIRE(state);
    CHECK(*state == core::IncidentState::closed);
    CHECK_FALSE(codec::decode_incident_state("\x01\x77"));
}
