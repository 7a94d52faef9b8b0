// NetThreads: a worker and a queue per lane, and one guard that answers for whoever is late.
#include "shell/net_threads.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/match.hpp"
#include "core/limits.hpp"
#include "shell/clock.hpp"
#include "shell/net_client.hpp"
#include "shell/net_files.hpp"
#include "shell/net_mail.hpp"

namespace tocsin::shell {
namespace {

using integrations::Answer;
using integrations::Request;

constexpr Duration leave_threads_after = seconds(2);

struct Job {
    Request request;
    Net::Then then;                    // empty once it was answered
    std::optional<Duration> deadline;  // steady; set when it is the lane's turn
};

/// The front job is the worker's; it stays in the queue until the worker is done with it, also
/// when the guard has answered it meanwhile.
struct LaneState {
    std::deque<Job> jobs;
    std::unique_ptr<NetClient> client;
    std::unique_ptr<MailClient> mail;
    std::condition_variable changed;
    bool hung = false;  // the front job was answered by the guard, and the worker is still at it
};

bool may_have_sent(const LaneState& lane, const Request& request) {
    const bool is_mail = std::holds_alternative<integrations::MailRequest>(request);
    return is_mail ? lane.mail->may_have_sent() : lane.client->may_have_sent();
}

void stop(LaneState& lane) {
    lane.client->stop();
    lane.mail->stop();
}

Answer carry(LaneState& lane, const Request& request) {
    return match(
        request, [&](const integrations::HttpRequest& http) { return lane.client->carry(http); },
        [&](const integrations::MailRequest& mail) { return lane.mail->carry(mail); },
        [](const integrations::FileAppend& append) { return append_to_file(append); },
        [](const integrations::FileFind& find) { return find_in_file(find); });
}

}  // namespace

/// Shared with the threads, so that one which hangs in a DNS lookup may be left behind.
struct NetThreads::Core {
    Core(Runtime& target, NetOptions given) : runtime(target), options(std::move(given)) {}

    Runtime& runtime;  // touched only while not stopping
    const NetOptions options;
    std::mutex mutex;
    std::condition_variable guard_changed;
    std::condition_variable thread_ended;
    std::map<Lane, LaneState> lanes;
    int threads = 0;
    bool stopping = false;

    void work(LaneState& lane);
    void guard();
    void expire(LaneState& lane, Duration now);
    void answer(Job& job, Answer answer);
    [[nodiscard]] std::optional<Duration> next_deadline() const;
};

/// With the mutex held: exactly once a job.
void NetThreads::Core::answer(Job& job, Answer answer) {
    if (!job.then || stopping) return;
    runtime.post([then = std::exchange(job.then, nullptr), answer = std::move(answer)]() mutable {
        then(std::move(answer));
    });
}

void NetThreads::Core::work(LaneState& lane) {
    std::unique_lock lock(mutex);
    while (true) {
        lane.changed.wait(lock, [&] { return stopping || !lane.jobs.empty(); });
        if (stopping) return;
        Job& job = lane.jobs.front();  // a deque's elements stay where they are
        if (job.then) {
            job.deadline = steady_now() + timeout_of(job.request);
            guard_changed.notify_one();
            lock.unlock();
            Answer result = carry(lane, job.request);
            lock.lock();
            answer(job, std::move(result));
        }
        lane.hung = false;
        lane.jobs.pop_front();
    }
}

std::optional<Duration> NetThreads::Core::next_deadline() const {
    std::optional<Duration> next;
    for (const auto& [name, lane] : lanes) {
        for (const Job& job : lane.jobs) {
            if (!job.then || !job.deadline) continue;
            next = next ? std::min(*next, *job.deadline) : *job.deadline;
        }
    }
    return next;
}

void NetThreads::Core::guard() {
    std::unique_lock lock(mutex);
    while (!stopping) {
        const auto next = next_deadline();
        if (!next) {
            guard_changed.wait(lock);
            continue;
        }
        const Duration now = steady_now();
        if (*next > now) {
            guard_changed.wait_for(lock, *next - now);
            continue;
        }
        for (auto& [name, lane] : lanes) expire(lane, now);
    }
}

void NetThreads::Core::expire(LaneState& lane, Duration now) {
    for (std::size_t i = 0; i < lane.jobs.size(); ++i) {
        Job& job = lane.jobs[i];
        if (!job.then || !job.deadline || *job.deadline > now) continue;
        const bool under_way = i == 0;
        const bool received = under_way && may_have_sent(lane, job.request);
        answer(job, {.kind = received ? Answer::Kind::broken : Answer::Kind::unreachable,
                     .status = 0,
                     .headers = {},
                     .body = {},
                     .error = received ? "no answer in time" : "could not be sent in time"});
        if (!under_way) continue;
        stop(lane);
        lane.hung = true;
        // Who waits behind a worker that may hang for long has its time from now on.
        for (std::size_t k = 1; k < lane.jobs.size(); ++k) {
            lane.jobs[k].deadline = now + timeout_of(lane.jobs[k].request);
        }
    }
}

NetThreads::NetThreads(Runtime& runtime, NetOptions options)
    : core_(std::make_shared<Core>(runtime, std::move(options))) {
    std::signal(SIGPIPE, SIG_IGN);  // the client library writes to sockets that may be gone
    ++core_->threads;
    std::thread([core = core_] {
        core->guard();
        const std::lock_guard lock(core->mutex);
        --core->threads;
        core->thread_ended.notify_all();
    }).detach();
}

NetThreads::~NetThreads() {
    std::unique_lock lock(core_->mutex);
    core_->stopping = true;
    core_->guard_changed.notify_all();
    for (auto& [name, lane] : core_->lanes) {
        stop(lane);
        lane.changed.notify_all();
    }
    core_->thread_ended.wait_for(lock, leave_threads_after, [this] { return core_->threads == 0; });
}

void NetThreads::send(const Lane& name, Request request, Then then) {
    const std::lock_guard lock(core_->mutex);
    LaneState& lane = core_->lanes[name];
    Job job{.request = std::move(request), .then = std::move(then), .deadline = {}};
    if (lane.hung) job.deadline = steady_now() + timeout_of(job.request);
    lane.jobs.push_back(std::move(job));
    core_->guard_changed.notify_one();
    lane.changed.notify_one();
    if (lane.client) return;
    lane.client = std::make_unique<NetClient>(core_->options);
    lane.mail = std::make_unique<MailClient>(core_->options);
    ++core_->threads;
    // The map's nodes stay where they are, and the thread keeps them alive.
    std::thread([core = core_, &lane] {
        core->work(lane);
        const std::lock_guard ended(core->mutex);
        --core->threads;
        core->thread_ended.notify_all();
    }).detach();
}

}  // namespace tocsin::shell
