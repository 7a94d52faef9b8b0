#pragma once
// The field lists of a page and of an escalation, for codec.cpp alone; their order is the format.

#include <type_traits>

#include "core/page.hpp"

namespace tocsin::core {

template <class T, class Record>
concept Is = std::is_same_v<std::remove_const_t<Record>, T>;

template <class Io, class R>
requires Is<Page, R>
void fields(Io& io, R& page) {
    io(page.key);
    io(page.integration);
    io(page.person);
    io.choice(page.reach, Reach::person);
    io(page.episode);
    io.choice(page.severity, Severity::critical);
    io(page.ordered_at);
    io(page.last_ordered_at);
    io(page.orders);
    io(page.accepted_at);
    io(page.last_accepted_at);
    io(page.acknowledged_at);
    io(page.resolved_at);
    io(page.refused);
    io(page.error);
    if (io.version() < 2) return;
    io(page.confirmed_at);
    io(page.address);
}

template <class Io, class R>
requires Is<Escalation, R>
void fields(Io& io, R& escalation) {
    io(escalation.integration);
    io(escalation.episode);
    io.choice(escalation.severity, Severity::critical);
    io(escalation.level);
    io(escalation.round);
    io(escalation.level_at);
    io(escalation.on_call_at);
}

}  // namespace tocsin::core
