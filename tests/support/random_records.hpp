#pragma once
// Records with random contents from a seed: the same seed gives the same records.

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/state.hpp"
#include "core/verdict.hpp"

namespace tocsin::support {

class RandomRecords {
public:
    explicit RandomRecords(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    bool maybe() { return below(2) == 0; }
    /// Small and huge numbers alike: every length of a varint.
    std::uint64_t number() { return engine_() >> below(64); }
    double real() { return static_cast<double>(engine_()) / 1024.0 - 1e6; }
    Instant instant() {
        constexpr std::int64_t day_2026 = 1'767'225'600'000'000;
        if (below(8) == 0) return maybe() ? Instant::min() : Instant{};
        return Instant(Duration(day_2026 + static_cast<std::int64_t>(below(1ULL << 44))));
    }
    std::string text() {
        std::string text(below(8) == 0 ? below(400) : below(24), '\0');
        for (char& byte : text) byte = static_cast<char>(below(256));
        return text;
    }
    template <class T>
    std::optional<T> optional(T value) {
        return maybe() ? std::optional<T>(std::move(value)) : std::nullopt;
    }
    template <class Enum>
    Enum choice(Enum last) {
        return static_cast<Enum>(below(static_cast<std::uint64_t>(last) + 1));
    }
    Labels labels() {
        std::vector<std::pair<std::string, std::string>> owned(below(8));
        std::vector<Labels::Pair> pairs;
        for (auto& [name, value] : owned) {
            name = "label_" + std::to_string(below(100));
            value = text();
            pairs.emplace_back(name, value);
        }
        return Labels(pairs);
    }

    core::Track track(core::Symbols& symbols) {
        core::Track track{.rule = symbols.intern("rule-" + std::to_string(below(50))),
                          .content_hash = number(),
                          .incident = below(3) * below(1000),
                          .clear_since = optional(instant()),
                          .since = {},
                          .outcome = choice(core::Outcome::unmatched),
                          .severity = choice(core::Severity::critical),
                          .because = choice(core::Because::maintenance_over),
                          .spent_severity = choice(core::Severity::critical),
                          .spent = choice(core::Spent::closed_by_human),
                          .judged = maybe()};
        track.window = number() / 2;
        for (std::uint64_t i = below(4); i > 0; --i) track.since.push_back(instant());
        return track;
    }
    core::Signal signal(core::Symbols& symbols) {
        core::Signal signal{.id = number() / 2,
                            .fingerprint = number(),
                            .labels = labels(),
                            .annotations = labels(),
                            .starts_at = instant(),
                            .ends_at = instant(),
                            .source = symbols.intern(text()),
                            .owner_rule = symbols.intern(maybe() ? text() : ""),
                            .kind = choice(core::SignalKind::condition),
                            .firing = maybe(),
                            .leased = maybe(),
                            .absent_answers = static_cast<std::uint8_t>(below(256)),
                            .tracks = {}};
        for (std::uint64_t i = below(4); i > 0; --i) signal.tracks.push_back(track(symbols));
        return signal;
    }
    core::Page page();
    core::Incident incident();
    void add_life(core::Incident& incident);
    core::Delivery delivery();
    core::RuleHealth rule_health();
    core::TimelineEntry timeline_entry();
    core::Window window();
    core::Verdict verdict();

private:
    std::mt19937_64 engine_;
};

inline core::RuleHealth RandomRecords::rule_health() {
    return {.id = number() / 2,
            .rule = text(),
            .source = text(),
            .content_hash = number(),
            .ever_had_data = maybe(),
            .failing_since = optional(instant()),
            .empty_since = optional(instant()),
            .because = choice(core::Because::maintenance_over),
            .detail = text(),
            .blind = maybe(),
            .reported = maybe()};
}

inline core::TimelineEntry RandomRecords::timeline_entry() {
    return {.id = number() / 2,
            .incident = number() / 2,
            .at = instant(),
            .by = text(),
            .what = text(),
            .text = text(),
            .value = optional(real())};
}

inline core::Window RandomRecords::window() {
    return {.id = number() / 2,
            .name = text(),
            .from_file = maybe(),
            .from = instant(),
            .to = instant(),
            .announced_at = instant(),
            .match = labels(),
            .rules = {text(), text()},
            .announcement = text(),
            .by = text(),
            .state = choice(core::WindowState::over),
            .told_ahead = maybe(),
            .ended_by = text(),
            .suppressed = number(),
            .suppressed_signals = {text()},
            .outlived = number(),
            .ended_at = optional(instant()),
            .remembered = maybe(),
            .settled = maybe()};
}

}  // namespace tocsin::support

#include "support/random_incidents.hpp"  // the larger records, to keep both files short
