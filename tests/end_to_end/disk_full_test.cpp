// A full disk under the real binary: 503 to senders, a page that says so, and recovery by itself.

#include <doctest/doctest.h>

#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;

namespace {

/// A small file system of its own; needs root. Unmounted at the end.
class SmallDisk {
public:
    SmallDisk(std::filesystem::path place, const std::string& size) : place_(std::move(place)) {
        mounted_ = ::mount("tmpfs", place_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
    }
    ~SmallDisk() {
        if (mounted_) ::umount2(place_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    [[nodiscard]] bool is_mounted() const { return mounted_; }
    /// Writes until nothing more fits.
    void fill() const {
        std::ofstream file(place_ / "filler", std::ios::binary | std::ios::app);
        const std::string block(4096, 'x');
        while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
        }
    }
    void empty() const { std::filesystem::remove(place_ / "filler"); }

private:
    std::filesystem::path place_;
    bool mounted_ = false;
};

std::string labels(int number) {
    return R"("alertname":"Full)" + std::to_string(number) + R"(","severity":"critical")";
}

}  // namespace

TEST_CASE("a full disk is 503 to senders; with space again it goes on without a restart") {
    TestDaemon daemon;
    const SmallDisk disk(daemon.data_dir(), "24m");
    if (!disk.is_mounted()) {
        MESSAGE("skipped: no right to mount a small disk");
        return;
    }
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    int number = 0;
    const auto post = [&] {
        return daemon.post("/api/v1/alertmanager", webhook_json({alert_json(labels(++number))}))
            .status;
    };
    REQUIRE(post() == 200);
    const pid_t id = daemon.process().id();

    // Its reserve lets it go on for a while; what is freed goes to the filler again.
    int accepted = 1;
    int status = 200;
    REQUIRE(eventually([&] {
        disk.fill();
        status = post();
        if (status == 200) ++accepted;
        return status != 200;
    }));
    CHECK(status == 503);
    CHECK(daemon.get("/-/healthy").status == 200);
    // The one page that may leave without a commit: that nothing can be committed.
    const bool said = eventually([&] {
        disk.fill();
        if (post() == 200) ++accepted;
        for (const auto& line : daemon.pages_in_file()) {
            if (line.text_at("key").value_or("").find("/store/") != std::string::npos) return true;
        }
        return false;
    });
    REQUIRE_MESSAGE(said, daemon.log());
    CHECK(daemon.get("/metrics").body.find("\ntocsin_store_failing 1") != std::string::npos);

    disk.empty();
    const int refused = number;
    REQUIRE(eventually([&] {
        --number;  // the sender repeats the same alert
        return post() == 200;
    }));
    CHECK(number == refused);
    CHECK(daemon.process().id() == id);
    CHECK_FALSE(daemon.process().status().has_value());
    CHECK(daemon.incidents().size() >= static_cast<std::size_t>(accepted + 1));
    REQUIRE(eventually([&] {
        return daemon.get("/metrics").body.find("\ntocsin_store_failing 0") != std::string::npos;
    }));
    CHECK(post() == 200);
}
