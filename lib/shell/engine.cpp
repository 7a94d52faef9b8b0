// The loop: take what is there, step it, commit once, then hand over and reply.
#include "shell/engine.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "core/limits.hpp"
#include "shell/engine_batch.hpp"
#include "shell/engine_report.hpp"

namespace tocsin::shell {

Engine::Engine(Parts parts, core::State recovered)
    : parts_(std::move(parts)), state_(std::move(recovered)), meter_(parts_.metrics) {
    meter_.recovered(state_);
    signals_ = state_.signals.size();
}

bool Engine::offer(Input input) {
    if (stopping_.load()) return false;
    if (waiting_.fetch_add(1) >= core::limits::inbox_items_max) {
        waiting_.fetch_sub(1);
        return false;
    }
    parts_.runtime.post([this, input = std::move(input)]() mutable { arrive(std::move(input)); });
    return true;
}

void Engine::arrive(Input input) {
    for (auto& event : input.events) {
        const auto* alert = std::get_if<core::AlertSeen>(&event);
        if (alert != nullptr && parts_.alert_arrived) parts_.alert_arrived(*alert);
        auto* list = std::get_if<core::AlertsListed>(&event);
        if (list != nullptr && parts_.list_arrived) parts_.list_arrived(*list);
    }
    if (failing_) {
        reply(input, {.kind = Answer::Kind::store_failing, .refusal = {}, .incident = 0});
        return;
    }
    queue_.push_back(std::move(input));
    request_batch();
}

// The batch is a task behind whatever was posted before it, so all of that goes into it: under load
// batches grow by themselves, and alone an input is committed at once.
void Engine::request_batch() {
    if (batch_requested_ || failing_) return;
    batch_requested_ = true;
    parts_.runtime.post([this] {
        batch_requested_ = false;
        run_batch();
    });
}

void Engine::run_batch() {
    if (failing_) return;
    Stepped stepped;
    stepped.now = parts_.runtime.now();
    stepped.counters_before = state_.counters;
    stepped.ruleset_before = state_.ruleset;
    step_inputs(stepped);
    step_timers(stepped);
    Batch batch = assemble(stepped);
    if (!stepped.steps.empty()) {
        const Instant before = parts_.runtime.now();
        const Status status = parts_.store.commit(batch, Fence{1});
        parts_.metrics.observe(Metric::commit, parts_.runtime.now() - before);
        parts_.metrics.add(Metric::commits, {status ? "ok" : "failed"});
        if (!status) {
            commit_failed(stepped, batch, status.error());
            return;
        }
    }
    committed(stepped, batch);
    if (!stepped.steps.empty()) parts_.store.maintain(stepped.now);
    if (!queue_.empty()) request_batch();
    arm_timer();
    finish_stop();
}

void Engine::step_inputs(Stepped& stepped) {
    std::size_t events = 0;
    while (!queue_.empty() && stepped.inputs.size() < core::limits::batch_items_max) {
        const std::size_t more = queue_.front().events.size();
        if (events > 0 && events + more > core::limits::batch_events_max) break;
        events += more;
        stepped.inputs.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    stepped.answers.resize(stepped.inputs.size());
    stepped.has_effect.resize(stepped.inputs.size());
    for (std::size_t i = 0; i < stepped.inputs.size(); ++i) {
        for (const auto& event : stepped.inputs[i].events) step_event(stepped, &event, i);
    }
}

void Engine::step_event(Stepped& stepped, const core::Event* event, std::size_t input) {
    Step step;
    step.cause = event;
    step.input = input;
    step.outcome = core::step(state_, *event, stepped.now);
    Answer& answer = stepped.answers[input];
    if (step.outcome.refusal && !answer.refusal) answer.refusal = step.outcome.refusal;
    if (step.outcome.incident != 0) answer.incident = step.outcome.incident;
    const bool swapped = std::holds_alternative<core::RulesLoaded>(*event);
    if (step.outcome.empty() && !swapped) return;
    stepped.has_effect[input] = true;
    stepped.steps.push_back(std::move(step));
    mark_sent_now(stepped.steps.back());
}

void Engine::step_timers(Stepped& stepped) {
    if (!state_.ruleset) return;
    const auto due = core::next_wakeup(state_);
    if (!due || *due > stepped.now) return;
    Step step;
    step.input = stepped.inputs.size();
    step.outcome = core::step(state_, core::Tick{}, stepped.now);
    if (step.outcome.empty()) return;
    stepped.steps.push_back(std::move(step));
    mark_sent_now(stepped.steps.back());
}

// At once, before the next event is stepped: what follows must see the delivery as it will be.
void Engine::mark_sent_now(Step& step) {
    for (const auto& effect : step.outcome.effects) {
        if (!parts_.dispatch.would_send_now(effect)) continue;
        core::mark_sending(state_, step.outcome, effect.id);
        step.sending.push_back(effect.id);
    }
}

Batch Engine::assemble(Stepped& stepped) {
    Batch batch;
    batch.at = stepped.now;
    batch.counters = state_.counters;
    batch.symbols = &state_.symbols;
    std::size_t changes_count = 0, verdicts_count = 0;
    for (const auto& step : stepped.steps) {
        changes_count += step.outcome.changes.size();
        verdicts_count += step.outcome.verdicts.size();
    }
    batch.changes.reserve(changes_count);
    batch.verdicts.reserve(verdicts_count);
    for (auto& step : stepped.steps) {
        auto& changes = step.outcome.changes;
        step.changes_begin = batch.changes.size();
        std::move(changes.begin(), changes.end(), std::back_inserter(batch.changes));
        step.changes_end = batch.changes.size();
        auto& verdicts = step.outcome.verdicts;
        step.verdicts_begin = batch.verdicts.size();
        std::move(verdicts.begin(), verdicts.end(), std::back_inserter(batch.verdicts));
        step.verdicts_end = batch.verdicts.size();
        if (step.cause == nullptr) batch.journal.push_back(journal_row(core::Tick{}));
    }
    for (std::size_t i = 0; i < stepped.inputs.size(); ++i) {
        auto& input = stepped.inputs[i];
        if (!stepped.has_effect[i]) continue;
        if (input.journal) {
            batch.journal.push_back(std::move(*input.journal));
        } else {
            for (const auto& event : input.events) batch.journal.push_back(journal_row(event));
        }
        batch.documents.insert(batch.documents.end(), input.documents.begin(),
                               input.documents.end());
    }
    for (auto& row : batch.journal) row.at = stepped.now;
    return batch;
}

// Pages first: a reply is a courtesy by comparison.
void Engine::committed(Stepped& stepped, const Batch& batch) {
    hand_over(stepped, batch);
    for (std::size_t i = 0; i < stepped.inputs.size(); ++i) {
        reply(stepped.inputs[i], stepped.answers[i]);
    }
    const std::span<const core::Change> changes(batch.changes);
    const std::span<const core::Verdict> verdicts(batch.verdicts);
    for (const auto& step : stepped.steps) {
        const bool timers = step.cause == nullptr;
        meter_.committed(
            {.cause = step.cause,
             .received = timers ? stepped.now : stepped.inputs[step.input].received,
             .changes = changes.subspan(step.changes_begin, step.changes_end - step.changes_begin),
             .verdicts =
                 verdicts.subspan(step.verdicts_begin, step.verdicts_end - step.verdicts_begin),
             .effects = step.outcome.effects},
            stepped.now);
    }
    say_unanswered(parts_.log, batch.changes);
    const std::size_t summed_up = parts_.log.verdicts(batch.verdicts);
    if (summed_up > 0) {
        parts_.metrics.add(Metric::log_lines_summed_up, {}, static_cast<double>(summed_up));
    }
    signals_ = state_.signals.size();
    parts_.metrics.set(Metric::signals, static_cast<double>(state_.signals.size()));
    parts_.metrics.set(Metric::inbox_items, static_cast<double>(waiting_.load()));
}

void Engine::hand_over(const Stepped& stepped, const Batch& batch) {
    for (const auto& step : stepped.steps) {
        for (const auto& effect : step.outcome.effects) {
            const bool sending = std::find(step.sending.begin(), step.sending.end(), effect.id) !=
                                 step.sending.end();
            core::Delivery delivery;
            delivery.effect = effect;
            if (sending) delivery.state = core::DeliveryState::sending;
            parts_.dispatch.take(std::move(delivery));
        }
    }
    for (const auto& change : batch.changes) {
        const auto* delivery = change.after ? std::get_if<core::Delivery>(&*change.after) : nullptr;
        if (delivery != nullptr && delivery->state == core::DeliveryState::dropped) {
            parts_.dispatch.drop(delivery->effect.id);
        }
    }
}

void Engine::reply(Input& input, const Answer& answer) {
    waiting_.fetch_sub(1);
    if (input.then) input.then(answer);
}

// A timer cannot be cancelled, so an earlier one is left to fire for nothing rather than joined by
// a second: at most one is added each time the next thing to do moves forward.
void Engine::arm_timer() {
    if (!state_.ruleset || failing_) return;
    const auto next = core::next_wakeup(state_);
    if (!next || (timer_at_ && *timer_at_ <= *next)) return;
    timer_at_ = next;
    const auto generation = ++timer_generation_;
    parts_.runtime.at(*next, [this, generation] {
        if (generation != timer_generation_) return;
        timer_at_.reset();
        request_batch();
    });
}

void Engine::stop(Task done) {
    stopping_ = true;
    parts_.runtime.post([this, done = std::move(done)] {
        stopped_ = done;
        if (queue_.empty()) {
            finish_stop();
        } else {
            request_batch();
        }
    });
}

void Engine::finish_stop() {
    if (!stopped_ || !queue_.empty()) return;
    parts_.runtime.post(std::move(stopped_));
    stopped_ = nullptr;
}

}  // namespace tocsin::shell
