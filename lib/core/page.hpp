#pragma once
// Page: one pager asked on behalf of an incident, and how far its escalation has come.

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "core/policy.hpp"
#include "core/verdict.hpp"

namespace tocsin::core {

/// One pager asked on behalf of one severity of one episode; repeated until acknowledged.
struct Page {
    std::string key;  // <instance>/<install-id>/INC-7/<episode>/<severity>[/<person>]
    std::string integration;
    std::string person;  // empty: the pager finds somebody itself
    Reach reach = Reach::nobody;
    std::uint32_t episode = 1;
    Severity severity = Severity::none;
    Instant ordered_at;       // first order
    Instant last_ordered_at;  // latest repetition
    std::uint32_t orders = 1;
    std::optional<Instant> accepted_at;       // first time
    std::optional<Instant> last_accepted_at;  // of the latest repetition that was accepted
    std::optional<Instant> acknowledged_at;   // told to the pager
    std::optional<Instant> resolved_at;       // resolve ordered; no more repetitions
    bool refused = false;                     // for good: the fallback was asked at once
    std::string error;                        // latest trouble, for people; never a secret
    std::optional<Instant> confirmed_at;      // a service shows our key
    std::string address;                      // reach person: where it went
    bool operator==(const Page&) const = default;
};

/// How far one pager that reaches persons has come, level by level (design §5 "Pages").
struct Escalation {
    std::string integration;
    std::uint32_t episode = 1;
    Severity severity = Severity::none;
    std::uint32_t level = 0;  // index into Roster::escalation; its size: everybody
    std::uint32_t round = 1;  // from 2 on everybody is asked
    Instant level_at;         // when this level was asked
    Instant on_call_at;       // when it was last looked up who is on call
    bool operator==(const Escalation&) const = default;
};

}  // namespace tocsin::core
