// The store on disk: opens, commits, recovers, keeps house, and finds out whether it works again.

#include "shell/store_sqlite.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/check.hpp"
#include "shell/codec.hpp"
#include "shell/store_files.hpp"
#include "shell/store_sqlite_connection.hpp"
#include "shell/store_sqlite_recover.hpp"
#include "shell/store_sqlite_retention.hpp"
#include "shell/store_sqlite_schema.hpp"
#include "shell/store_sqlite_write.hpp"

namespace tocsin::shell {

namespace {

using sqlite::Connection;
using sqlite::Statement;

constexpr Fence sqlite_fence = 1;
constexpr std::uint64_t wal_frame_bytes = 4096 + 24;

class SqliteStore final : public Store {
public:
    SqliteStore(OwnedFile lock, std::unique_ptr<Connection> connection, Ballast ballast)
        : lock_(std::move(lock)),
          connection_(std::move(connection)),
          ballast_(std::move(ballast)) {}

    Status prepare(const Retention& retention);
    Status commit(const Batch& batch, Fence fence) override;
    Result<core::State> recover() override { return sqlite::recover(*connection_); }
    void maintain(Instant now) override;
    Status probe() override;

private:
    Status write(const Batch& batch);
    Status write_and_remove_probe();
    void checkpoint_if_grown();
    void keep_house(Instant now);

    OwnedFile lock_;  // released last
    std::unique_ptr<Connection> connection_;
    Ballast ballast_;
    sqlite::RowWriter writer_;
    sqlite::RetentionPass retention_;
    Statement begin_;
    Statement commit_;
    Statement put_probe_;
    Statement remove_probe_;
    int checkpoint_at_frames_ = core::limits::checkpoint_wal_pages;
    int checkpointed_frames_ = 0;
    Instant keep_house_at_ = Instant::min();
};

Status SqliteStore::prepare(const Retention& retention) {
    const std::pair<const char*, Statement*> statements[] = {
        {"BEGIN IMMEDIATE", &begin_},
        {"COMMIT", &commit_},
        {"INSERT OR REPLACE INTO meta(name, body) VALUES('probe', zeroblob(?1))", &put_probe_},
        {"DELETE FROM meta WHERE name = 'probe'", &remove_probe_},
    };
    for (const auto& [sql, statement] : statements) {
        Result<Statement> prepared = connection_->prepare(sql);
        if (!prepared) return prepared.error();
        *statement = std::move(*prepared);
    }
    if (Status status = retention_.prepare(*connection_, retention); !status) return status;
    if (Status status = writer_.prepare(*connection_); !status) return status;
    ballast_.restore();
    return {};
}

// ---- Commit

Status SqliteStore::commit(const Batch& batch, Fence fence) {
    check(fence == sqlite_fence);
    Status status = write(batch);
    if (!status) {
        connection_->roll_back();
        return status;
    }
    writer_.committed(batch.counters);
    return {};
}

Status SqliteStore::write(const Batch& batch) {
    Status status = begin_.run();
    if (status) status = writer_.write(batch);
    if (status) status = commit_.run();
    return status;
}

// ---- Between batches

void SqliteStore::maintain(Instant now) {
    checkpoint_if_grown();
    if (now >= keep_house_at_) keep_house(now);
}

/// A checkpoint that a reader holds up, or that fails on a full disk, is tried again when the log
/// has grown by as much again; what is in the log is safe there.
void SqliteStore::checkpoint_if_grown() {
    constexpr int pages = core::limits::checkpoint_wal_pages;
    const int frames = connection_->wal_frames();
    if (frames < checkpointed_frames_) checkpoint_at_frames_ = pages;  // the log began anew
    checkpointed_frames_ = std::min(checkpointed_frames_, frames);
    if (frames < checkpoint_at_frames_) return;
    ballast_.grow_to(2 * static_cast<std::uint64_t>(frames) * wal_frame_bytes);
    checkpointed_frames_ = frames;
    checkpoint_at_frames_ = frames + pages;
    // A failure shows at the next commit, which has somebody to tell.
    [[maybe_unused]] const auto done = connection_->checkpoint(Connection::Checkpoint::passive);
}

void SqliteStore::keep_house(Instant now) {
    keep_house_at_ = now + core::limits::retention_interval;
    if (Status status = begin_.run(); !status) return;
    const Result<bool> more = retention_.run(now);
    if (more && commit_.run()) {
        if (*more) keep_house_at_ = now + seconds(1);
    } else {
        connection_->roll_back();
    }
    ballast_.restore();
}

// ---- After a failed commit

Status SqliteStore::probe() {
    ballast_.drop();
    connection_->roll_back();
    // Gives back what a failed transaction left in the log. It may fail where the write succeeds
    // (a reader holds it up), so the write alone decides.
    if (connection_->checkpoint(Connection::Checkpoint::truncate)) checkpointed_frames_ = 0;
    Status status = write_and_remove_probe();
    if (!status) {
        connection_->roll_back();
        return status;
    }
    ballast_.restore();
    return {};
}

Status SqliteStore::write_and_remove_probe() {
    put_probe_.bind(1, std::uint64_t{core::limits::probe_bytes});
    Status status = put_probe_.run();
    if (status) status = remove_probe_.run();
    return status;
}

// ---- Opening

/// Everything that may refuse comes before anything that writes.
Status prepare_database(Connection& connection, const SqliteOptions& options) {
    const auto steps = sqlite::migrations();
    const Result<long> version = sqlite::inspect(connection, static_cast<long>(steps.size()));
    if (!version) return version.error();
    if (Status status = connection.configure_writer(); !status) return status;
    Status status = sqlite::migrate(connection, *version, options.install_id, steps);
    if (!status) return status;
    ::chmod(connection.path().c_str(), 0600);
    const auto checkpointed = connection.checkpoint(Connection::Checkpoint::truncate);
    if (!checkpointed && checkpointed.error().code != "disk_full") return checkpointed.error();
    return {};
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
    if (Status status = make_data_directory(options.data_dir); !status) return status.error();
    const std::string directory = options.data_dir + "/";
    Result<OwnedFile> lock = lock_exclusively(directory + lock_file);
    if (!lock) return lock.error();
    const std::string path = directory + database_file;
    if (Status status = create_private_file(path); !status) return status.error();
    auto connection = Connection::open(path, Connection::Access::write);
    if (!connection) return connection.error();
    Status status = prepare_database(**connection, options);
    if (!status) return status.error();
    auto store =
        std::make_unique<SqliteStore>(std::move(*lock), std::move(*connection),
                                      Ballast(directory + ballast_file, options.ballast_bytes));
    if (status = store->prepare(options.retention); !status) return status.error();
    return std::unique_ptr<Store>(std::move(store));
}

}  // namespace tocsin::shell
