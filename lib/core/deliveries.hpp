#pragma once
// Deliveries: what the outside answered, and what follows from it for pages and the alarm.

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

void delivery_started(Draft& draft, const DeliveryStarted& started);
void delivered(Draft& draft, const Delivered& event);
/// A permanent failure is a dead letter: it stays visible, a page asks the fallback at once, and
/// `integration/NAME` is raised.
void delivery_failed(Draft& draft, const DeliveryFailed& failed);

}  // namespace tocsin::core
