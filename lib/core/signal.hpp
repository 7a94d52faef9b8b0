#pragma once
// Signal: one alert or one series as we hold it, with what each rule thinks of it (its tracks).

#include <cstdint>
#include <optional>
#include <vector>

#include "base/labels.hpp"
#include "base/time.hpp"
#include "core/symbols.hpp"
#include "core/verdict.hpp"

namespace tocsin::core {

/// Where a pushed alert came from, kept beside its annotations under this reserved name.
inline constexpr std::string_view generator_url_annotation = "__generator_url__";

enum class SignalKind : std::uint8_t {
    alert,        // pushed, or made by a Prometheus alert rule; identity (source, fingerprint)
    series,       // one series that an expression rule sees; identity (rule, source, labels)
    prom_series,  // one series of a Prometheus alert rule, before it has become an alert
    condition,    // something tocsin notices of itself: silent source, refused delivery, …
};

/// Why a track may not declare although its condition holds (design §5, "spent").
enum class Spent : std::uint8_t { no, declined, closed_by_human };

/// A step's clock: its `when` does not hold, or it has held for its `for`.
inline constexpr Instant clock_unset{};
inline constexpr Instant clock_elapsed = Instant::min();

/// What one rule makes of one signal. Clocks run between evaluation instants.
struct Track {
    Symbol rule;                     // name
    std::uint64_t content_hash = 0;  // of the rule when the clocks started
    std::uint64_t incident = 0;      // number of the incident that it holds open; 0 for none
    std::uint64_t window = 0;        // maintenance window that suppresses it; 0 for none
    std::optional<Instant> clear_since;
    std::vector<Instant> since;  // per ladder step: clock_unset, clock_elapsed, or since when;
                                 // empty when the rule has no `for` anywhere
    Outcome outcome = Outcome::clear;
    Severity severity = Severity::none;
    Because because = Because::no_step_holds;
    Severity spent_severity = Severity::none;
    Spent spent = Spent::no;
    bool judged = false;  // false until the first verdict
    bool operator==(const Track&) const = default;
};

struct Signal {
    std::uint64_t id = 0;           // from Counters::signal, the row's primary key
    std::uint64_t fingerprint = 0;  // of the labels as sent, before the source's were added
    Labels labels;
    Labels annotations;
    Instant starts_at;
    Instant ends_at;  // firing and leased: until when; resolved by its sender: when;
                      // else Instant{} (also when a lease ran out)
    Symbol source;
    Symbol owner_rule;  // kinds series, prom_series, condition: the rule it belongs to
    SignalKind kind = SignalKind::alert;
    bool firing = true;
    bool leased = false;              // `ends_at` is a lease that the sender must renew
    std::uint8_t absent_answers = 0;  // complete answers in a row without this series
    std::vector<Track> tracks;
    bool operator==(const Signal&) const = default;
};

}  // namespace tocsin::core
