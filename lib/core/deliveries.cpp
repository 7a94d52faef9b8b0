// Answers of deliveries, applied to their rows, pages and incidents.
#include "core/deliveries.hpp"

#include "core/condition.hpp"
#include "core/paging.hpp"

namespace tocsin::core {
namespace {

// An answer to a delivery that has ended meanwhile (dropped, or answered before a crash) is late.
Delivery* edit_open(Draft& draft, std::uint64_t id) {
    if (!draft.state().deliveries.contains(id)) return nullptr;
    return &draft.edit_delivery(id);
}

// The incident of the delivery, if it is still in memory and the delivery was a page.
Incident* paged_incident(Draft& draft, const Delivery& delivery) {
    if (delivery.effect.action != Action::page) return nullptr;
    if (!draft.state().incidents.contains(delivery.effect.incident.number)) return nullptr;
    return &draft.edit_incident(delivery.effect.incident.number);
}

}  // namespace

void delivery_started(Draft& draft, const DeliveryStarted& started) {
    Delivery* delivery = edit_open(draft, started.id);
    if (delivery != nullptr) delivery->state = DeliveryState::sending;
}

void delivered(Draft& draft, const Delivered& event) {
    Delivery* delivery = edit_open(draft, event.id);
    if (delivery == nullptr) return;
    delivery->state = DeliveryState::done;
    delivery->remote = event.remote;
    delivery->error.clear();
    delivery->finished_at = draft.now();
    set_condition(draft, condition_integration, delivery->effect.integration, false, {});
    if (Incident* incident = paged_incident(draft, *delivery)) {
        page_accepted(draft, *incident, *delivery);
    }
}

void delivery_failed(Draft& draft, const DeliveryFailed& failed) {
    Delivery* delivery = edit_open(draft, failed.id);
    if (delivery == nullptr) return;
    bool news = delivery->error != failed.reason;
    delivery->error = failed.reason;
    const Effect& effect = delivery->effect;
    if (!failed.permanent) {
        if (news && effect.action == Action::page) {
            draft.note(effect.incident.number, "tocsin", "delayed",
                       "page to " + effect.integration + ": " + failed.reason + "; trying again");
        }
        return;
    }
    delivery->state = DeliveryState::dead;
    delivery->finished_at = draft.now();
    if (Incident* incident = paged_incident(draft, *delivery)) {
        page_refused(draft, *incident, *delivery);
    } else {
        draft.note(effect.incident.number, "tocsin", "refused",
                   effect.integration + " refuses " + std::string(name(effect.action)) + ": " +
                       failed.reason);
    }
    set_condition(draft, condition_integration, effect.integration, true, failed.reason);
}

}  // namespace tocsin::core
