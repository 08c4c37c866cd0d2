console.error('The benchmark is being built.');
