// Expands one schedule: cuts time wherever a layer, a turn, a swap or an override begins or ends.
#include <algorithm>
#include <string>
#include <vector>

#include "config/expand.hpp"
#include "config/zones.hpp"
#include "core/limits.hpp"

namespace tocsin::config {
namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void add_once(Names& to, const std::string& name) {
    if (!has(to, name)) to.push_back(name);
}

/// `name` stands where `replaced` stood, once.
void put_in_place(Names& names, const std::string& replaced, const std::string& name) {
    if (!has(names, replaced)) return;
    Names kept;
    for (const std::string& one : names) add_once(kept, one == replaced ? name : one);
    names = std::move(kept);
}

struct Turn {
    Instant from;
    std::size_t person = 0;  // of the layer's people
};

/// When the layer is on, and whose turn it is, both walked along with time.
class LayerWalk {
public:
    LayerWalk(const Layer& layer, core::Interval horizon)
        : layer_(layer),
          hours_(expand_hours(layer.time_zone, layer.days, layer.hours.value_or(Hours()),
                              horizon.from - hours(48), horizon.until + hours(48))) {
        if (layer.rotate && layer.start) add_turns(*layer.rotate, *layer.start, horizon);
    }

    void collect_edges(std::vector<Instant>& edges) const {
        for (const core::Interval& span : hours_) {
            edges.push_back(span.from);
            edges.push_back(span.until);
        }
        for (const Turn& turn : turns_) edges.push_back(turn.from);
    }

    /// Instants only rise from call to call.
    void walk_to(Instant at) {
        while (hour_ < hours_.size() && hours_[hour_].until <= at) ++hour_;
        while (turn_ + 1 < turns_.size() && turns_[turn_ + 1].from <= at) ++turn_;
        on_ = hour_ < hours_.size() && hours_[hour_].contains(at);
    }

    [[nodiscard]] bool is_on() const { return on_; }

    void add_holders(Names& to) const {
        if (!turns_.empty()) return add_once(to, layer_.people[turns_[turn_].person]);
        for (const std::string& person : layer_.people) add_once(to, person);
    }

private:
    void add_turns(Duration length, const WrittenTime& start, core::Interval horizon) {
        const bool keeps_clock = length % hours(24) == Duration::zero();
        const Instant first = instant_of(start, layer_.time_zone);
        const Instant reading = to_local(layer_.time_zone, first);
        const auto begin_of = [&](std::int64_t turn) {
            return keeps_clock ? from_local(layer_.time_zone, reading + turn * length)
                               : first + turn * length;
        };
        // Clock changes move a turn by less than a day, so two turns earlier is early enough.
        const auto people = static_cast<std::int64_t>(layer_.people.size());
        std::int64_t turn = (horizon.from - first) / length - 2;
        for (; begin_of(turn) < horizon.until; ++turn) {
            const auto person = static_cast<std::size_t>((turn % people + people) % people);
            turns_.push_back({.from = begin_of(turn), .person = person});
        }
    }

    const Layer& layer_;
    core::Calendar hours_;
    std::vector<Turn> turns_;
    std::size_t hour_ = 0;
    std::size_t turn_ = 0;
    bool on_ = false;
};

class ScheduleWalk {
public:
    ScheduleWalk(const Schedule& schedule, core::Interval horizon)
        : schedule_(schedule), horizon_(horizon) {
        for (const Layer& layer : schedule.layers) {
            layers_.emplace_back(layer, horizon);
            for (const std::string& person : layer.people) add_once(everybody_, person);
        }
    }

    core::Schedule expand() {
        core::Schedule out{.name = schedule_.name, .shifts = {}};
        const std::vector<Instant> edges = all_edges();
        for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
            core::Shift shift = shift_at(edges[i]);
            shift.span = {.from = edges[i], .until = edges[i + 1]};
            core::Shift* last = out.shifts.empty() ? nullptr : &out.shifts.back();
            if (last != nullptr && last->people == shift.people && last->others == shift.others) {
                last->span.until = shift.span.until;
            } else {
                out.shifts.push_back(std::move(shift));
            }
        }
        out.shifts.shrink_to_fit();
        return out;
    }

private:
    /// Sorted, each once, the first and the last being the horizon's.
    [[nodiscard]] std::vector<Instant> all_edges() const {
        std::vector<Instant> edges{horizon_.from, horizon_.until};
        for (const LayerWalk& layer : layers_) layer.collect_edges(edges);
        const auto add_both = [&](const auto& span) {
            edges.push_back(span.from);
            edges.push_back(span.to);
        };
        std::for_each(schedule_.swaps.begin(), schedule_.swaps.end(), add_both);
        std::for_each(schedule_.overrides.begin(), schedule_.overrides.end(), add_both);
        std::sort(edges.begin(), edges.end());
        edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
        const auto outside = [&](Instant at) { return at < horizon_.from || at > horizon_.until; };
        edges.erase(std::remove_if(edges.begin(), edges.end(), outside), edges.end());
        return edges;
    }

    core::Shift shift_at(Instant at) {
        Names on;
        Names turn;  // whose turn it is, on shift or not
        for (LayerWalk& layer : layers_) {
            layer.walk_to(at);
            layer.add_holders(turn);
            if (layer.is_on()) layer.add_holders(on);
        }
        if (on.empty()) on = turn;
        for (const Swap& swap : schedule_.swaps) {
            if (swap.from <= at && at < swap.to) exchange(swap, on, turn);
        }
        Names absent;
        for (const Override& one : schedule_.overrides) {
            if (one.from <= at && at < one.to) step_in(one, on, turn, absent);
        }
        return {.span = {}, .people = on, .others = others_of(on, turn, absent)};
    }

    static void exchange(const Swap& swap, Names& on, Names& turn) {
        for (Names* names : {&on, &turn}) {
            for (std::string& name : *names) {
                if (name == swap.one) {
                    name = swap.other;
                } else if (name == swap.other) {
                    name = swap.one;
                }
            }
        }
    }

    static void step_in(const Override& one, Names& on, Names& turn, Names& absent) {
        if (!one.replaces.empty()) {
            put_in_place(on, one.replaces, one.person);
            put_in_place(turn, one.replaces, one.person);
            if (one.replaces != one.person) add_once(absent, one.replaces);
            return;
        }
        for (const std::string& name : on) add_once(absent, name);
        on = {one.person};
    }

    [[nodiscard]] Names others_of(const Names& on, const Names& turn, const Names& absent) const {
        const auto pick = [&](const Names& from, bool absent_too) {
            Names picked;
            for (const std::string& name : from) {
                if (!has(on, name) && (absent_too || !has(absent, name))) picked.push_back(name);
            }
            return picked;
        };
        Names others = pick(turn, false);
        if (others.empty()) others = pick(everybody_, false);
        // Who is away is still more than nobody.
        return others.empty() ? pick(everybody_, true) : others;
    }

    const Schedule& schedule_;
    core::Interval horizon_;
    std::vector<LayerWalk> layers_;
    Names everybody_;
};

}  // namespace

core::Schedule expand_schedule(const Schedule& schedule, core::Interval horizon) {
    return ScheduleWalk(schedule, horizon).expand();
}

std::size_t shift_names_of(const Schedule& schedule) {
    constexpr Duration whole = core::limits::horizon_past + core::limits::horizon_ahead;
    std::size_t edges = 2 * (schedule.overrides.size() + schedule.swaps.size()) + 2;
    std::size_t people = 1;
    for (const Layer& layer : schedule.layers) {
        if (layer.hours || !layer.days.empty()) {
            edges += static_cast<std::size_t>(2 * whole / hours(24));
        }
        if (layer.rotate) edges += static_cast<std::size_t>(whole / *layer.rotate) + 3;
        people += layer.people.size();
    }
    return edges * people;
}

}  // namespace tocsin::config
