// The courier's desk: one lane per integration, and which delivery belongs to which.

#include "shell/courier.hpp"

#include <map>
#include <utility>

#include "shell/courier_lane.hpp"

namespace tocsin::shell {

class Courier::Desk final : public std::enable_shared_from_this<Courier::Desk> {
public:
    Desk(Runtime& runtime, Net& net, Random& random, Report report, SignLink sign_link)
        : tools_(std::make_shared<CourierTools>(
              CourierTools{runtime, net, random, std::move(report), std::move(sign_link)})) {}

    void load(std::vector<integrations::Integration> integrations) {
        std::map<std::string, std::shared_ptr<CourierLane>> gone = lanes_;
        order_.clear();
        for (integrations::Integration& integration : integrations) {
            order_.push_back(integration.name);
            gone.erase(integration.name);
            lane(integration.name).configure(std::move(integration));
        }
        for (const auto& [name, old] : gone) {
            if (old->removable()) {
                lanes_.erase(name);
            } else {
                old->configure(std::nullopt);
            }
        }
    }

    bool would_send_now(const core::Effect& effect) {
        const auto found = lanes_.find(effect.integration);
        return found != lanes_.end() && found->second->would_send_now(effect);
    }

    void add(core::Delivery delivery, bool resumed) {
        CourierLane& its_lane = lane(delivery.effect.integration);
        its_lane.add(std::move(delivery), resumed);
    }

    void drop(std::uint64_t delivery_id) {
        for (const auto& [name, each] : lanes_) each->drop(delivery_id);
    }

    void drain(std::function<void()> done) {
        done_ = std::move(done);
        for (const auto& [name, each] : lanes_) {
            each->drain([self = weak_from_this()] {
                if (const auto desk = self.lock()) desk->tell_if_drained();
            });
        }
        tell_if_drained();
    }

    std::vector<LaneStatistics> statistics() const {
        std::vector<LaneStatistics> all;
        std::map<std::string, std::shared_ptr<CourierLane>> rest = lanes_;
        for (const std::string& name : order_) {
            all.push_back(lanes_.at(name)->statistics());
            rest.erase(name);
        }
        for (const auto& [name, each] : rest) {
            if (!each->removable()) all.push_back(each->statistics());
        }
        return all;
    }

private:
    CourierLane& lane(const std::string& name) {
        std::shared_ptr<CourierLane>& found = lanes_[name];
        if (!found) found = std::make_shared<CourierLane>(tools_, name);
        return *found;
    }

    void tell_if_drained() {
        if (!done_) return;
        for (const auto& [name, each] : lanes_) {
            if (!each->idle()) return;
        }
        tools_->runtime.post(std::exchange(done_, nullptr));
    }

    std::shared_ptr<CourierTools> tools_;
    std::map<std::string, std::shared_ptr<CourierLane>> lanes_;
    std::vector<std::string> order_;
    std::function<void()> done_;
};

Courier::Courier(Runtime& runtime, Net& net, Random& random, Report report, SignLink sign_link)
    : desk_(std::make_shared<Desk>(runtime, net, random, std::move(report), std::move(sign_link))) {
}

void Courier::load(std::vector<integrations::Integration> integrations) {
    desk_->load(std::move(integrations));
}

bool Courier::would_send_now(const core::Effect& effect) {
    return desk_->would_send_now(effect);
}

void Courier::take(core::Delivery delivery) {
    desk_->add(std::move(delivery), false);
}

void Courier::resume(core::Delivery delivery) {
    desk_->add(std::move(delivery), true);
}

void Courier::drop(std::uint64_t delivery_id) {
    desk_->drop(delivery_id);
}

void Courier::drain(std::function<void()> done) {
    desk_->drain(std::move(done));
}

std::vector<LaneStatistics> Courier::statistics() const {
    return desk_->statistics();
}

}  // namespace tocsin::shell
