// Random schedules against a model that reads them as a person with a clock in hand would.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "config/expand.hpp"
#include "config/zones.hpp"

namespace tocsin::config {
namespace {

using Names = std::vector<std::string>;

const Instant now = from_unix_seconds(1'772'366'400);           // 2026-03-01T12:00:00Z
const Instant start_of_turns = from_unix_seconds(1'775'030'400);  // 2026-04-01T08:00:00Z

bool is_on(const Layer& layer, Instant t) {
    const Instant reading = to_local(layer.time_zone, t);
    const auto today = std::chrono::floor<std::chrono::days>(reading);
    const auto minute = std::chrono::duration_cast<minutes>(reading - today).count();
    const Hours span = layer.hours.value_or(Hours());
    const auto begins_on = [&](std::chrono::sys_days day) {
        const auto iso = std::chrono::weekday(day).iso_encoding() - 1;
        return layer.days.empty() || std::find(layer.days.begin(), layer.days.end(),
                                               static_cast<Weekday>(iso)) != layer.days.end();
    };
    if (span.to > span.from) {
        return begins_on(today) && span.from <= minute && minute < span.to;
    }
    return (begins_on(today) && span.from <= minute) ||
           (begins_on(today - std::chrono::days(1)) && minute < span.to);
}

Names holders(const Layer& layer, Instant t) {
    if (!layer.rotate) return layer.people;
    const bool whole_days = *layer.rotate % hours(24) == Duration::zero();
    const Instant first =
        whole_days ? layer.start->time : instant_of(*layer.start, layer.time_zone);
    const Duration since = (whole_days ? to_local(layer.time_zone, t) : t) - first;
    auto turn = since / *layer.rotate;
    if (since < turn * *layer.rotate) --turn;  // rounds down, also before the start
    const auto count = static_cast<std::int64_t>(layer.people.size());
    return {layer.people[static_cast<std::size_t>((turn % count + count) % count)]};
}

Names model(const Schedule& schedule, Instant t) {
    Names names;
    for (const Layer& layer : schedule.layers) {
        if (!is_on(layer, t)) continue;
        for (const std::string& name : holders(layer, t)) {
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        }
    }
    return names;
}

/// Hours that no clock change touches, so that the model needs no opinion on 01:30 twice a night.
Layer random_layer(std::mt19937& random) {
    const auto pick = [&](auto list) { return list[random() % list.size()]; };
    Layer layer;
    const Names everybody{"a", "b", "c", "d", "e", "f"};
    for (std::size_t i = random() % 3 + 1; i > 0; --i) layer.people.push_back(pick(everybody));
    layer.time_zone = pick(Names{"UTC", "Europe/London", "America/New_York", "Asia/Kolkata"});
    if (random() % 2 == 0) {
        layer.hours = Hours{.from = pick(std::vector<int>{0, 360, 480, 1200}),
                            .to = pick(std::vector<int>{480, 960, 1200, 1440})};
    }
    for (int day = 0; day < 7 && random() % 2 == 0; ++day) {
        layer.days.push_back(static_cast<Weekday>(day));
    }
    if (random() % 3 != 0) {
        layer.rotate = pick(std::vector<Duration>{hours(24 * 7), hours(24), hours(24 * 14),
                                                  hours(12), hours(36), hours(5)});
        layer.start = WrittenTime{.time = start_of_turns, .has_offset = false};
    }
    return layer;
}

TEST_CASE("at every instant exactly the schedule's people are on call, without a gap [H-72]") {
    std::mt19937 random(20260301);
    const core::Interval horizon = horizon_around(now);
    std::size_t compared = 0;
    for (int round = 0; round < 60; ++round) {
        Schedule schedule{.name = "s", .layers = {Layer()}, .overrides = {}, .swaps = {}};
        schedule.layers[0].people = {"always"};
        for (std::size_t i = random() % 4; i > 0; --i) {
            schedule.layers.push_back(random_layer(random));
        }
        const core::Schedule expanded = expand_schedule(schedule, horizon);
        const auto& shifts = expanded.shifts;
        REQUIRE_FALSE(shifts.empty());
        CHECK(shifts.front().span.from == horizon.from);
        CHECK(shifts.back().span.until == horizon.until);
        for (std::size_t i = 0; i < shifts.size(); ++i) {
            CHECK(shifts[i].span.from < shifts[i].span.until);
            CHECK_FALSE(shifts[i].people.empty());
            if (i == 0) continue;
            CHECK(shifts[i].span.from == shifts[i - 1].span.until);
            const bool differ = shifts[i].people != shifts[i - 1].people ||
                                shifts[i].others != shifts[i - 1].others;
            CHECK(differ);
        }
        for (int i = 0; i < 400; ++i) {
            const Instant t = horizon.from + minutes(random() % (435 * 24 * 60));
            const core::Shift* shift = expanded.at(t);
            REQUIRE(shift != nullptr);
            CAPTURE(format_rfc3339(t));
            CHECK(shift->people == model(schedule, t));
            for (const std::string& name : shift->others) {
                CHECK(std::find(shift->people.begin(), shift->people.end(), name) ==
                      shift->people.end());
            }
            ++compared;
        }
    }
    CHECK(compared == 24'000);
}

}  // namespace
}  // namespace tocsin::config
