"""What two versions of the definitions do differently: not which lines, but which inputs they decide otherwise."""
