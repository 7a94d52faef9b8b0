#pragma once
// Rota (record): what has been handed over, listed and told so far; no restart repeats it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace tocsin::core {

/// A verdict that owners were told of, by rule and incident key.
struct Told {
    std::string key;
    Instant at;
    bool operator==(const Told&) const = default;
};

/// One row.
struct Rota {
    std::uint64_t id = 1;
    Instant handed_over_at;              // the latest hand-over that was noted
    std::vector<std::string> cleared;    // lines about incidents that closed by themselves, bounded
    std::uint64_t cleared_unlisted = 0;  // beyond that bound
    std::optional<Instant> cleared_since;  // the first of them
    std::vector<Told> told;                // within the last hour, bounded
    bool operator==(const Rota&) const = default;
};

}  // namespace tocsin::core
