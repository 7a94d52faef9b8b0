// Workers of one source: who asks next, and the one repetition after a connection that broke.
#include "shell/poller_road.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::shell {

void PollerRoad::set_width(int width) {
    width_ = static_cast<std::size_t>(std::max(width, 1));
    workers_.resize(std::max(workers_.size(), width_));
    go_on();
}

void PollerRoad::ask(Make make, Then then) {
    if (closed_) return;
    waiting_.push_back({.make = std::move(make), .then = std::move(then)});
    go_on();
}

void PollerRoad::close() {
    closed_ = true;
    waiting_.clear();
}

void PollerRoad::go_on() {
    if (going_on_) return;
    going_on_ = true;
    while (!waiting_.empty() && in_flight_ < width_) {
        const auto free = std::find(workers_.begin(), workers_.end(), false);
        if (free == workers_.end()) break;
        Question question = std::move(waiting_.front());
        waiting_.pop_front();
        auto request = question.make();
        if (!request) continue;
        *free = true;
        ++in_flight_;
        send(static_cast<std::size_t>(free - workers_.begin()), std::move(*request),
             std::move(question.then), false);
    }
    going_on_ = false;
}

void PollerRoad::send(std::size_t worker, integrations::HttpRequest request, Then then,
                      bool again) {
    integrations::HttpRequest copy = request;
    const Instant patience_ends = runtime_.now() + request.timeout / 2;
    net_.send(
        "source/" + name_ + "/" + std::to_string(worker), std::move(copy),
        [self = weak_from_this(), worker, request = std::move(request), then = std::move(then),
         again, patience_ends](const integrations::Answer& answer) mutable {
            const auto road = self.lock();
            if (!road) return;
            const bool lost = answer.kind != integrations::Answer::Kind::answered &&
                              road->runtime_.now() < patience_ends;
            if (lost && !again && !road->closed_) {
                ++road->repeated_;
                road->send(worker, std::move(request), std::move(then), true);
                return;
            }
            road->workers_[worker] = false;
            --road->in_flight_;
            if (!road->closed_) then(answer);
            road->go_on();
        });
}

}  // namespace tocsin::shell
