// Clock: the only file that reads the machine's clocks.
#include "shell/clock.hpp"

namespace tocsin::shell {

Instant wall_now() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Duration steady_now() {
    return std::chrono::duration_cast<Duration>(
        std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace tocsin::shell
