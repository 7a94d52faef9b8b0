#pragma once
// Duties: what an incident asks of people besides its repair, and how far each has come.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace tocsin::core {

/// What customers are told (handbook H-50, H-51).
struct Communication {
    std::string draft;  // rendered when the incident was declared or raised
    std::optional<Instant> reminded_at;
    std::optional<Instant> published_at;  // first status page entry of this episode
    std::string status;                   // of the latest entry: investigating, …, resolved
    std::string message;                  // of the latest entry
    std::optional<Instant> asked_at;      // marketing, to help
    std::string asked_for;                // the latest wish; may be empty
    bool operator==(const Communication&) const = default;
};

/// The in-app banner (handbook H-52 … H-55).
struct Banner {
    bool on = false;
    std::string text;
    std::string by;
    std::optional<Instant> changed_at;
    std::optional<Instant> offered_at;  // in this episode
    bool operator==(const Banner&) const = default;
};

/// The fix is in place; is it? (handbook H-61)
struct Monitoring {
    std::optional<Instant> since;
    std::optional<Instant> next_look_at;
    std::uint32_t looks_clean = 0;  // in a row
    std::optional<Instant> proposed_at;
    std::optional<Instant> looking_until;  // a look waits for the next answers of `unseen`
    std::vector<std::string> unseen;       // `RULE on SOURCE` that this look has not seen yet
    bool unclear = false;                  // something that this look has seen was not clear
    bool operator==(const Monitoring&) const = default;
};

/// The analysis meeting after closing (handbook H-64 … H-70).
struct Aftermath {
    std::optional<Instant> meeting_from;  // inside the 24-48 h window, at working hours
    std::optional<Instant> meeting_until;
    bool late = false;                      // no working hour lies inside the window
    std::optional<Instant> reminded_at;     // the raiser
    std::optional<Instant> handed_over_at;  // the fallback contact
    std::string skipped;                    // the reason
    std::string skipped_by;
    bool operator==(const Aftermath&) const = default;
};

}  // namespace tocsin::core
