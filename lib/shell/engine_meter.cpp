// Counts incidents, deliveries, pages and verdicts as they are committed, and times the two waits.
#include "shell/engine_meter.hpp"

#include <algorithm>
#include <optional>

#include "core/limits.hpp"

namespace tocsin::shell {
namespace {

template <class T>
const T* held(const Boxed<core::Record>& record) {
    return record ? std::get_if<T>(&*record) : nullptr;
}

bool open_now(const core::Incident* incident) {
    return incident != nullptr && core::is_open(incident->state);
}

bool unanswered(const core::Incident* incident) {
    return open_now(incident) && incident->unanswered_since.has_value();
}

bool running(const core::Window* window) {
    return window != nullptr && window->state == core::WindowState::active;
}

bool undelivered(const core::Delivery* delivery) {
    return delivery != nullptr && !core::is_final(delivery->state);
}

std::string_view page_result(core::DeliveryState state) {
    if (state == core::DeliveryState::done) return "accepted";
    return state == core::DeliveryState::dead ? "refused" : "dropped";
}

/// The incident of which this change begins an episode by the daemon's own decision; else null.
const core::Incident* declared_by_daemon(const core::Change& change) {
    const auto* after = held<core::Incident>(change.after);
    const auto* before = held<core::Incident>(change.before);
    if (after == nullptr || !after->declared_by.empty()) return nullptr;
    const bool begins = before == nullptr || before->episode != after->episode;
    return begins ? after : nullptr;
}

}  // namespace

void EngineMeter::recovered(const core::State& state) {
    for (const auto& [number, incident] : state.incidents) count_incident(nullptr, &incident);
    for (const auto& [id, delivery] : state.deliveries) count_delivery(nullptr, &delivery);
    for (const auto& [id, window] : state.windows) count_window(nullptr, &window);
}

void EngineMeter::committed(const CommittedStep& step, Instant now) {
    if (step.cause != nullptr) page_answered(*step.cause, step.received);
    for (const auto& change : step.changes) count(change);
    for (const auto& verdict : step.verdicts) {
        metrics_.add(Metric::verdicts, {core::name(verdict.outcome)});
    }
    time_to_declare(step, now);
    const bool somebody_saw_it =
        step.cause != nullptr && (std::holds_alternative<core::AlertSeen>(*step.cause) ||
                                  std::holds_alternative<core::Evaluated>(*step.cause));
    if (somebody_saw_it) page_ordered(step);
}

void EngineMeter::count(const core::Change& change) {
    count_incident(held<core::Incident>(change.before), held<core::Incident>(change.after));
    count_delivery(held<core::Delivery>(change.before), held<core::Delivery>(change.after));
    count_window(held<core::Window>(change.before), held<core::Window>(change.after));
}

void EngineMeter::count_incident(const core::Incident* before, const core::Incident* after) {
    if (open_now(before)) metrics_.add(Metric::incidents_open, {core::name(before->severity)}, -1);
    if (open_now(after)) metrics_.add(Metric::incidents_open, {core::name(after->severity)}, 1);
    const int more_unanswered = int{unanswered(after)} - int{unanswered(before)};
    if (more_unanswered != 0) metrics_.add(Metric::incidents_unanswered, {}, more_unanswered);
    if (after != nullptr && (before == nullptr || before->episode != after->episode) &&
        open_now(after)) {
        metrics_.add(Metric::incidents_declared, {core::name(after->severity)});
    }
}

void EngineMeter::count_window(const core::Window* before, const core::Window* after) {
    const int more = (running(after) ? 1 : 0) - (running(before) ? 1 : 0);
    if (more != 0) metrics_.add(Metric::maintenance_active, {}, more);
}

void EngineMeter::count_delivery(const core::Delivery* before, const core::Delivery* after) {
    const auto* either = after != nullptr ? after : before;
    if (either == nullptr) return;
    const auto& integration = either->effect.integration;
    if (undelivered(before)) {
        metrics_.add(Metric::deliveries_open, {integration, core::name(before->state)}, -1);
        auto& waiting = undelivered_[integration];
        const auto found = waiting.find(before->effect.ordered_at);
        if (found != waiting.end()) waiting.erase(found);
    }
    if (undelivered(after)) {
        metrics_.add(Metric::deliveries_open, {integration, core::name(after->state)}, 1);
        undelivered_[integration].insert(after->effect.ordered_at);
    } else if (after != nullptr) {
        metrics_.add(Metric::deliveries, {integration, core::name(after->state)});
        page_received_.erase(after->effect.id);
        if (after->state == core::DeliveryState::dead) metrics_.add(Metric::dead_letters);
        if (after->effect.action == core::Action::page) {
            metrics_.add(Metric::pages, {integration, page_result(after->state)});
        }
    }
    show_oldest(integration);
}

void EngineMeter::show_oldest(const std::string& integration) {
    const auto& waiting = undelivered_[integration];
    metrics_.set_oldest(integration, waiting.empty() ? Instant{} : *waiting.begin());
}

void EngineMeter::time_to_declare(const CommittedStep& step, Instant now) {
    for (const auto& change : step.changes) {
        const auto* incident = declared_by_daemon(change);
        if (incident == nullptr) continue;
        std::optional<Instant> began;
        for (const auto& other : step.changes) {
            const auto* signal = held<core::Signal>(other.after);
            if (signal == nullptr || signal->starts_at == Instant{}) continue;
            const bool holds = std::any_of(
                signal->tracks.begin(), signal->tracks.end(),
                [&](const core::Track& track) { return track.incident == incident->number; });
            if (holds) began = began ? std::min(*began, signal->starts_at) : signal->starts_at;
        }
        if (began) {
            metrics_.observe(Metric::time_to_declare, std::max(Duration{0}, now - *began));
        }
    }
}

void EngineMeter::page_ordered(const CommittedStep& step) {
    for (const auto& effect : step.effects) {
        if (effect.action != core::Action::page) continue;
        if (page_received_.size() >= core::limits::page_receipts_max) return;
        page_received_.emplace(effect.id, step.received);
    }
}

void EngineMeter::page_answered(const core::Event& cause, Instant received) {
    const auto* delivered = std::get_if<core::Delivered>(&cause);
    if (delivered == nullptr) return;
    const auto found = page_received_.find(delivered->id);
    if (found == page_received_.end()) return;
    metrics_.observe(Metric::alert_to_page, std::max(Duration{0}, received - found->second));
    page_received_.erase(found);
}

}  // namespace tocsin::shell
