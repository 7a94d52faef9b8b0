#pragma once
// CourierLane: the deliveries of one integration, in order per incident, a few at a time.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shell/courier.hpp"
#include "shell/pace.hpp"

namespace tocsin::shell {

/// What every lane of a courier shares.
struct CourierTools {
    Runtime& runtime;
    Net& net;
    Random& random;
    Report report;
    SignLink sign_link;
};

class CourierLane final : public std::enable_shared_from_this<CourierLane> {
public:
    CourierLane(std::shared_ptr<CourierTools> tools, std::string name);

    /// Nothing: the integration is gone, and everything queued fails for good.
    void configure(std::optional<integrations::Integration> integration);
    [[nodiscard]] bool would_send_now(const core::Effect& effect);
    void add(core::Delivery delivery, bool resumed);
    void drop(std::uint64_t delivery_id);
    void drain(std::function<void()> when_idle);
    [[nodiscard]] bool idle() const { return busy_ == 0 && reports_open_ == 0; }
    [[nodiscard]] bool removable() const { return !integration_ && incident_of_.empty() && idle(); }
    [[nodiscard]] LaneStatistics statistics() const;

private:
    enum class Phase : std::uint8_t { queued, starting, under_way, judged };
    struct Entry {
        core::Delivery delivery;
        Phase phase = Phase::queued;
        bool ambiguous = false;  // may have been received: a look-up goes first
        int failures = 0;
        int look_ups = 0;  // that could not be answered
        Instant not_before;
        Instant asked_until;  // the part of it that the peer asked for
        std::optional<core::Event> unreported;
        bool reporting = false;
    };
    /// Where a line stands among those that could go on: the smallest goes first.
    struct Rank {
        int urgency = 2;  // 0 page, 1 word to a pager about one, 2 the rest
        int mildness = 0;
        Instant ordered_at;
        std::uint64_t incident = 0;
        auto operator<=>(const Rank&) const = default;
    };
    /// One incident's deliveries; only the first of them moves.
    struct Line {
        std::deque<Entry> entries;
        std::optional<Rank> ready_as;          // stands in ready_
        bool ready_unstarted = false;          // … among those that need DeliveryStarted first
        std::optional<Instant> waiting_until;  // stands in waiting_
    };
    using Sink = std::shared_ptr<const integrations::Sink>;
    using Worker = std::size_t;

    // courier_lane.cpp: who goes next, and when.
    void dispatch();
    bool start_best(Instant now);
    void fail_ready_lines();
    void settle(std::uint64_t incident);
    void leave_queues(Line& line, std::uint64_t incident);
    void release_waiting();
    void peer_answers();
    void wake_at(Instant instant);
    [[nodiscard]] Instant blocked_until(const Rank& rank, Instant now) const;
    [[nodiscard]] Rank rank_of(const Line& line, std::uint64_t incident) const;
    [[nodiscard]] Worker worker_of(std::uint64_t incident) const;
    [[nodiscard]] Entry* find(std::uint64_t delivery_id);
    void remove(std::uint64_t delivery_id);

    // courier_send.cpp: one delivery on its way.
    void start(Entry& entry);
    void started(std::uint64_t delivery_id, Worker worker, bool committed);
    void send(Entry& entry, Worker worker);
    [[nodiscard]] Result<std::optional<integrations::Request>> request_for(
        const core::Effect& effect) const;
    void carry(Entry& entry, Worker worker, integrations::Request request, bool is_look_up);
    void answered(std::uint64_t delivery_id, const Sink& sink, const integrations::Answer& answer);
    void looked_up(std::uint64_t delivery_id, const Sink& sink, const integrations::Answer& answer);
    void try_again(Entry& entry, const integrations::TryAgain& trouble);
    void slow_down(std::optional<Duration> retry_after);
    void finish(Entry& entry, core::Event event);
    void give_up(Entry& entry, std::string reason);
    void free_worker(Worker worker);
    void report(Entry& entry, core::Event event);
    void offer(Entry& entry);
    void offered(std::uint64_t delivery_id, core::Event event, bool committed);
    void tell_if_idle();

    std::shared_ptr<CourierTools> tools_;
    std::string name_;
    std::optional<integrations::Integration> integration_;
    std::map<std::uint64_t, Line> lines_;                           // by incident
    std::unordered_map<std::uint64_t, std::uint64_t> incident_of_;  // by delivery
    std::map<std::pair<Worker, bool>, std::set<Rank>> ready_;       // bool: DeliveryStarted first
    std::set<std::pair<Instant, std::uint64_t>> waiting_;           // (until, incident)
    std::set<std::pair<Instant, std::uint64_t>> ages_;              // (ordered_at, delivery)
    std::set<std::pair<Instant, std::uint64_t>> page_ages_;
    std::vector<bool> workers_;         // true: taken
    std::set<std::uint64_t> promised_;  // incidents that were told "now" in this task
    std::size_t busy_ = 0;              // workers taken
    int width_now_ = 1;                 // falls to 1 when the peer says it is too much
    int rate_limits_ = 0;               // in a row
    SendRate rate_;
    PeerHealth health_;
    Instant pages_paused_until_;
    Instant others_paused_until_;
    Instant starts_held_until_;  // the store is failing: only what is committed as sending goes
    std::optional<Instant> wake_;
    std::size_t reports_open_ = 0;
    bool dispatching_ = false;
    std::function<void()> when_idle_;  // set: draining
    LaneStatistics totals_;
};

}  // namespace tocsin::shell
