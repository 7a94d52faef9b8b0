#pragma once
// Effect: an order to the outside as plain data, and the delivery (outbox row) that carries it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "core/incident.hpp"

namespace tocsin::core {

enum class Action : std::uint8_t {
    page,              // reach the person on call
    acknowledge_page,  // tell the pager that somebody has it
    resolve_page,      // tell the pager that it is over
    update,            // tell the announcing integrations what changed
    test,              // a drill, marked as such
    notify,            // tell one person, who need not answer
    publish,           // a status page entry
    banner,            // the in-app banner, on or off
};

[[nodiscard]] std::string_view name(Action action);
[[nodiscard]] std::optional<Action> action_named(std::string_view name);

/// Everything that an adapter needs, as it was when ordered; nothing is looked up later.
struct Effect {
    std::uint64_t id = 0;  // from Counters::delivery, the row's primary key
    std::string key;       // unique: <page key>/<action>[-<n>], the outside's idempotency key
    std::string page_key;  // without the action: PagerDuty's dedup_key
    std::string integration;
    Action action = Action::page;
    std::string person;   // empty: nobody in particular
    std::string address;  // of that person, for this integration
    std::string text;     // one sentence: what happened
    std::string link;     // where to look; may be empty
    Incident incident;    // snapshot
    Instant ordered_at;
    bool operator==(const Effect&) const = default;
};

enum class DeliveryState : std::uint8_t {
    ready,    // ordered, certainly not sent
    sending,  // may have been sent: after a crash this one is ambiguous
    done,     // accepted by the peer
    dead,     // refused for good; visible, and raises the alarm
    dropped,  // overtaken before it was sent (the incident ended first)
};

[[nodiscard]] std::string_view name(DeliveryState state);
[[nodiscard]] inline bool is_final(DeliveryState state) {
    return state > DeliveryState::sending;
}

struct Delivery {
    Effect effect;
    DeliveryState state = DeliveryState::ready;
    std::string error;   // latest trouble, for people; never a secret
    std::string remote;  // the peer's id, where it gives one
    std::optional<Instant> finished_at;
    bool operator==(const Delivery&) const = default;
};

}  // namespace tocsin::core
